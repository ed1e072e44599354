// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

import java.util.OptionalDouble;

/**
 * Blocks that were asked for, of the server's block size.
 *
 * @param hit found in shared buffers
 * @param read not found there: read from the operating system, which may have cached them
 */
public record Blocks(long hit, long read) {
    public static final Blocks NONE = new Blocks(0, 0);

    /** From the server's counters; fetched counts both. */
    public static Blocks ofFetched(long fetched, long hit) {
        return new Blocks(hit, Math.max(0, fetched - hit));
    }

    public long all() {
        return hit + read;
    }

    public Blocks plus(Blocks other) {
        return new Blocks(hit + other.hit, read + other.read);
    }

    /** 0 to 1; empty when no block was asked for. */
    public OptionalDouble hitRatio() {
        return all() == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) hit / all());
    }

    /** Whether its counters were set to zero since. */
    public boolean beganAnew(Blocks before) {
        return hit < before.hit || read < before.read;
    }

    /** Nothing is negative: what was reset in part counts as nothing. */
    public Blocks minus(Blocks before) {
        return new Blocks(Math.max(0, hit - before.hit), Math.max(0, read - before.read));
    }
}
