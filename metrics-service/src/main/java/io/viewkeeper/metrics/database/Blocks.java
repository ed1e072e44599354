package io.viewkeeper.metrics.database;

import io.viewkeeper.metrics.database.Baseline.Last;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that were asked for.
 *
 * @param hit found in shared buffers
 * @param read not found there: read from the operating system, which may have cached them
 */
record Blocks(long hit, long read) {
    static final Blocks NONE = new Blocks(0, 0);

    /** From the server's counters; fetched counts both. */
    static Blocks ofFetched(long fetched, long hit) {
        return new Blocks(hit, Math.max(0, fetched - hit));
    }

    Blocks plus(Blocks other) {
        return new Blocks(hit + other.hit, read + other.read);
    }

    /** 0 to 1; empty when no block was asked for. */
    OptionalDouble hitRatio() {
        return hit + read == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) hit / (hit + read));
    }

    static @Nullable Blocks rise(@Nullable Blocks before, Blocks now, Last last) {
        if (before == null) {
            return last.complete() ? now : null;
        }
        boolean reset = now.hit < before.hit || now.read < before.read;
        return reset ? now : now.minus(before);
    }

    /** Nothing is negative: what was reset in part counts as nothing. */
    Blocks minus(Blocks before) {
        return new Blocks(Math.max(0, hit - before.hit), Math.max(0, read - before.read));
    }
}
