// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A cache of looked-up rows that seldom has what is asked for, because each key comes once, or because it is too small for
 * all keys. Before:
 *
 * <pre>
 * Memoize (actual rows=1 loops=100000)
 *   Cache Key: o.customer_id
 *   Hits: 8000  Misses: 92000  Evictions: 91000  Overflows: 0  Memory Usage: 129kB
 * </pre>
 *
 * After {@code set work_mem = '16MB'}:
 *
 * <pre>
 *   Hits: 80000  Misses: 20000  Evictions: 0  Overflows: 0  Memory Usage: 2500kB
 * </pre>
 */
final class MemoizeThrash implements Rule {
    static final double LEAST_LOOKUPS = 1_000;
    /** Below this share of hits a cache costs more than it saves. */
    static final double LEAST_HIT_SHARE = 0.1;

    private static final double KILO = 1_024;

    @Override
    public String id() {
        return "memoize-thrash";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().nodes().stream()
                .flatMap(node -> Cache.of(node).stream())
                .filter(Cache::thrashes)
                .map(cache -> finding(context, cache))
                .toList();
    }

    /** @param lost entries that were thrown out, or were too large to be kept */
    private record Cache(
            PlanNode node,
            String key,
            double hits,
            double misses,
            double lost,
            @Nullable Long peakKb) {

        static Stream<Cache> stream(PlanNode node) {
            if (!(node.detail() instanceof Detail.Memoize memoize)) {
                return Stream.empty();
            }
            return Stream.of(new Cache(
                    node,
                    memoize.key(),
                    of(memoize.hits()),
                    of(memoize.misses()),
                    of(memoize.evictions()) + of(memoize.overflows()),
                    memoize.peakMemoryKb()));
        }

        static List<Cache> of(PlanNode node) {
            return stream(node).toList();
        }

        private static double of(@Nullable Long count) {
            return count == null ? 0 : count;
        }

        double hitShare() {
            return hits / (hits + misses);
        }

        boolean thrashes() {
            return hits + misses >= LEAST_LOOKUPS && (hitShare() < LEAST_HIT_SHARE || lost > hits);
        }

        /** Of the misses, those of keys that may have been there before. */
        double lostShare() {
            return Math.min(1, lost / Math.max(1, misses));
        }
    }

    private Finding finding(Context context, Cache cache) {
        var node = cache.node();
        double below = node.children().stream().mapToDouble(context::inclusive).sum();
        var impact = Impact.of(context, context.exclusive(node) + below * cache.lostShare());
        return new Finding(
                id(),
                impact.severity(),
                node.path(),
                "The cache of %s had what was asked for in only %s of %s lookups."
                        .formatted(
                                Inputs.of(node),
                                Wording.percent(cache.hitShare()),
                                Wording.count(cache.hits() + cache.misses())),
                advice(context, cache),
                impact.millis(),
                Evidence.of(context, impact)
                        .expression("cacheKey", cache.key())
                        .count("hits", cache.hits())
                        .count("misses", cache.misses())
                        .count("evictionsAndOverflows", cache.lost())
                        .number("hitShare", cache.hitShare())
                        .map());
    }

    private static String advice(Context context, Cache cache) {
        Long peakKb = cache.peakKb();
        if (cache.lost() <= 0 || peakKb == null) {
            return "The planner expected fewer different keys: analyze the table that brings them, and if that does not help, set"
                    + " n_distinct of the key's column by hand (alter table ... alter column ... set (n_distinct = ...)).";
        }
        return "Entries were thrown out before they were asked for again. "
                + Memory.advice(workMemBytes(context, cache, peakKb), "let fewer different keys be looked up");
    }

    /** Entries that stayed took the peak; as many as misses would take so much more. */
    private static double workMemBytes(Context context, Cache cache, long peakKb) {
        double stayed = Math.max(1, cache.misses() - cache.lost());
        return peakKb * KILO * (cache.misses() / stayed) / Memory.hashMultiplier(context);
    }
}
