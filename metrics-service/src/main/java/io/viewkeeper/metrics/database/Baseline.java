// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.viewkeeper.schema.statement.Blocks;
import io.viewkeeper.schema.statement.Counters;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cumulative counters as the last sample saw them, and what they did since. A sample replaces all of it: what it lacks was
 * dropped or evicted, and is new when it comes back. Not thread-safe.
 *
 * @param <K> what is counted
 * @param <C> its counters
 */
final class Baseline<K, C> {
    private final Rise<C> rise;
    private Map<K, C> counters = Map.of();
    private @Nullable ServerMoment taken;
    private boolean hadEverything;

    Baseline(Rise<C> rise) {
        this.rise = rise;
    }

    /** What one counter did since the last sample. */
    @FunctionalInterface
    interface Rise<C> {
        /**
         * @param before null where the last sample had no such counter
         * @return null where that is unknown
         */
        @Nullable
        C of(@Nullable C before, C now, Last last);
    }

    /**
     * The last sample, as the one after it looks back on it.
     *
     * @param complete whether it had every counter of the server, so that one which it lacked is new
     * @param ofThisStart whether the server has not been started again since
     */
    record Last(ServerMoment moment, boolean complete, boolean ofThisStart) {}

    /** What was counted since the last sample; empty at the first one, and at the first one of another server. */
    Optional<Map<K, C>> take(ServerMoment moment, Map<K, C> now, boolean complete) {
        var before = taken;
        boolean hadEverythingBefore = hadEverything;
        var earlier = counters;
        counters = now;
        taken = moment;
        hadEverything = complete;
        if (before == null || !moment.continues(before)) {
            return Optional.empty();
        }
        var last = new Last(before, hadEverythingBefore, moment.serverStarted().equals(before.serverStarted()));
        var rises = new HashMap<K, C>();
        now.forEach((key, counter) -> {
            var risen = rise.of(earlier.get(key), counter, last);
            if (risen != null) {
                rises.put(key, risen);
            }
        });
        return Optional.of(rises);
    }

    /**
     * Of a counter that only grows. One that fell was reset, and has counted from zero since. {@code stats_reset} of the
     * database tells nothing: it changes also when the counters of another table are reset.
     */
    static @Nullable Long rise(@Nullable Long before, Long now, Last last) {
        if (before == null) {
            return last.complete() ? now : null;
        }
        return now >= before ? Long.valueOf(now - before) : now;
    }

    static @Nullable Blocks rise(@Nullable Blocks before, Blocks now, Last last) {
        if (before == null) {
            return last.complete() ? now : null;
        }
        return now.beganAnew(before) ? now : now.minus(before);
    }

    /**
     * Of an entry of pg_stat_statements. One that began anew has counted all that it has since; so has one that a complete sample
     * lacked: from 17 on {@code stats_since} is when a statement was first parsed, and its entry is hidden until the first call ends.
     * Else, what the server says began before the last sample is unknown.
     */
    static @Nullable Counters rise(@Nullable Counters before, Counters now, Last last) {
        if (before != null && !now.beganAnew(before)) {
            return now.since(before);
        }
        var since = now.since();
        boolean hadNoCall = before == null && last.complete() && last.ofThisStart();
        if (since != null && !hadNoCall) {
            return since.isAfter(last.moment().at()) ? now.whole() : null;
        }
        return before != null || last.complete() ? now.whole() : null;
    }
}
