// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import org.jspecify.annotations.Nullable;

/**
 * Blocks and the time of reading and writing them, a node's children included, over all loops.
 *
 * @param ioReadMillis null where track_io_timing is off; shared and local blocks, without temporary files
 * @param tempReadMillis temporary files; null where not told
 */
public record Buffers(
        Blocks shared,
        Blocks local,
        long tempRead,
        long tempWritten,
        @Nullable Double ioReadMillis,
        @Nullable Double ioWriteMillis,
        @Nullable Double tempReadMillis,
        @Nullable Double tempWriteMillis) {

    /** Blocks of one kind. */
    public record Blocks(long hit, long read, long dirtied, long written) {}
}
