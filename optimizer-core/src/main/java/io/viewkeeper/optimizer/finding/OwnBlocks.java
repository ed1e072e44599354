// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Buffers;
import io.viewkeeper.optimizer.plan.PlanNode;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of one node without its children's, in all its loops.
 *
 * @param ioMillis of reading and writing, temporary files included; of a parallel node the sum over its processes; null where
 *     track_io_timing is off
 */
record OwnBlocks(
        long hit,
        long read,
        long dirtied,
        long written,
        long tempRead,
        long tempWritten,
        @Nullable Double ioMillis) {
    private static final OwnBlocks NONE = new OwnBlocks(0, 0, 0, 0, 0, 0, null);

    static OwnBlocks of(PlanNode node) {
        var own = all(node.buffers());
        for (PlanNode child : node.children()) {
            own = own.without(all(child.buffers()));
        }
        return own;
    }

    /** A node with everything below it. */
    static OwnBlocks all(@Nullable Buffers buffers) {
        if (buffers == null) {
            return NONE;
        }
        var shared = buffers.shared();
        return new OwnBlocks(
                shared.hit(),
                shared.read(),
                shared.dirtied(),
                shared.written(),
                buffers.tempRead(),
                buffers.tempWritten(),
                sum(
                        sum(buffers.ioReadMillis(), buffers.ioWriteMillis()),
                        sum(buffers.tempReadMillis(), buffers.tempWriteMillis())));
    }

    OwnBlocks without(OwnBlocks other) {
        Double mine = ioMillis;
        Double theirs = other.ioMillis;
        return new OwnBlocks(
                Math.max(0, hit - other.hit),
                Math.max(0, read - other.read),
                Math.max(0, dirtied - other.dirtied),
                Math.max(0, written - other.written),
                Math.max(0, tempRead - other.tempRead),
                Math.max(0, tempWritten - other.tempWritten),
                mine == null ? null : Double.valueOf(Math.max(0, mine - (theirs == null ? 0 : theirs))));
    }

    /** Of tables and indexes, found in memory or read. */
    long touched() {
        return hit + read;
    }

    long temporary() {
        return tempRead + tempWritten;
    }

    private static @Nullable Double sum(@Nullable Double one, @Nullable Double other) {
        if (one == null) {
            return other;
        }
        return other == null ? one : Double.valueOf(one + other);
    }
}
