// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table changed much since it was last analyzed, or never was, and the planner was wrong about it.
 *
 * <pre>
 * Index Scan using orders_placed_at on orders        Seq Scan on orders
 *   (cost=… rows=1) (actual … rows=100000)      →      (cost=… rows=99800) (actual … rows=100000)
 *   after 100,000 new rows                             after ANALYZE
 * </pre>
 */
final class StaleStatistics implements Rule {
    /** Autovacuum comes at a tenth by default: twice that means that it does not come. */
    static final double LEAST_SHARE = 0.2;

    static final long LEAST_ROWS = 1_000;

    @Override
    public String id() {
        return "stale-statistics";
    }

    @Override
    public List<Finding> check(Context context) {
        return WrongEstimate.of(context.plan().root()).stream()
                .filter(wrong -> !wrong.choices().isEmpty())
                .flatMap(wrong -> check(context, wrong, context.tableOf(wrong.node())))
                .toList();
    }

    private Stream<Finding> check(Context context, WrongEstimate wrong, @Nullable TableFacts table) {
        return table != null && stale(table) ? Stream.of(finding(context, wrong, table)) : Stream.empty();
    }

    private static boolean stale(TableFacts table) {
        return table.analyzedAt() == null
                || (table.modifiedSinceAnalyze() >= LEAST_ROWS && modifiedShare(table) >= LEAST_SHARE);
    }

    private static double modifiedShare(TableFacts table) {
        return table.modifiedSinceAnalyze() / Math.max(1, table.rows());
    }

    private static @Nullable String affectedPath(WrongEstimate wrong) {
        var affected = wrong.affected();
        return affected == null ? null : affected.path();
    }

    private Finding finding(Context context, WrongEstimate wrong, TableFacts table) {
        String relation = Wording.relation(wrong.node());
        var impact = Impact.of(context, wrong.harm(context));
        boolean never = table.analyzedAt() == null;
        var evidence = Evidence.of(context, impact)
                .name("relation", relation)
                .flag("neverAnalyzed", never)
                .count("modifiedSinceAnalyze", table.modifiedSinceAnalyze())
                .count("rows", table.rows())
                .number("factor", wrong.factor())
                .name("affectedPath", affectedPath(wrong));
        var age = table.sinceAnalyze();
        return new Finding(
                id(),
                impact.severity(),
                wrong.node().path(),
                never
                        ? "%s was never analyzed, and the planner was wrong about its rows by a factor of %s."
                                .formatted(relation, Wording.count(wrong.factor()))
                        : "%s rows of %s changed since it was analyzed, and the planner was wrong about its rows by a factor of %s."
                                .formatted(
                                        Wording.count(table.modifiedSinceAnalyze()),
                                        relation,
                                        Wording.count(wrong.factor())),
                "Run analyze %s; after bulk changes do it in the same job, and lower autovacuum_analyze_scale_factor of the table."
                        .formatted(Wording.quotedRelation(wrong.node())),
                impact.millis(),
                (age == null ? evidence : evidence.count("secondsSinceAnalyze", age.toSeconds())).map());
    }
}
