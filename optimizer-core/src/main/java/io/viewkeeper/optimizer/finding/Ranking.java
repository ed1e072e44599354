// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order in which to see to findings: by what each takes of the execution, times how much of that its advice mostly saves.
 * What is to be mended by a missing index, a rewritten statement, more memory or a setting comes before what better statistics
 * may change, and that before what only describes where time goes. What another finding explains better is left out.
 */
final class Ranking {
    /** Mended, all of it is gone. */
    private static final double CAUSE = 1;
    /** A way that costs elsewhere, or serves in part. */
    private static final double REMEDY = 0.6;
    /** Another plan may come of it, and may be better. */
    private static final double STATISTICS = 1.0 / 3;
    /** It says where the time goes, and hardly why. */
    private static final double SYMPTOM = 0.25;

    private static final Map<String, Double> WEIGHTS = Map.ofEntries(
            Map.entry("avoidable-sort", REMEDY),
            Map.entry("late-limit", REMEDY),
            Map.entry("temp-blocks", REMEDY),
            Map.entry("workers-missing", REMEDY),
            Map.entry("worker-skew", REMEDY),
            Map.entry("misestimate", STATISTICS),
            Map.entry("stale-statistics", STATISTICS),
            Map.entry("function-scan-guess", STATISTICS),
            Map.entry("loop-from-misestimate", STATISTICS),
            Map.entry("hidden-time", SYMPTOM),
            Map.entry("costly-nested-loop", SYMPTOM),
            Map.entry("blocks-per-row", SYMPTOM),
            Map.entry("cold-reads", SYMPTOM),
            Map.entry("io-bound", SYMPTOM),
            Map.entry("wide-rows", SYMPTOM),
            Map.entry("select-dirties", SYMPTOM));

    /** By which findings at the same place, above or below, a finding is explained. */
    private static final Map<String, Set<String>> EXPLAINED_BY = Map.of(
            "costly-nested-loop",
                    Set.of(
                            "inner-seq-scan",
                            "loop-from-misestimate",
                            "join-filter-waste",
                            "join-without-condition",
                            "or-across-tables"),
            "seq-scan-filters-most", Set.of("inner-seq-scan", "correlated-subplan", "not-in-unhashed"),
            "misestimate", Set.of("stale-statistics"),
            "blocks-per-row", Set.of("heap-fetches"));

    /** What a node's own time was spent on that a plan does not show is told unless anything else is known of it. */
    private static final String HIDDEN = "hidden-time";

    private static final Set<String> EXPLAINS_NO_HIDDEN_TIME = Set.of(
            "costly-nested-loop", "misestimate", "stale-statistics", "function-scan-guess", "loop-from-misestimate");

    /** Time in nodes although they are about none. */
    private static final Set<String> WITHIN_NODES = Set.of("jit-overhead", "trigger-time");

    /** Of what is explained, the explanation has to take so much. */
    private static final double MOST = 0.8;

    private static final double HALF = 0.5;

    private Ranking() {}

    static List<Finding> ordered(List<Finding> findings, double totalMillis) {
        return findings.stream()
                .filter(finding -> findings.stream().noneMatch(other -> explains(other, finding)))
                .sorted(Comparator.comparingDouble((Finding finding) -> score(finding, totalMillis))
                        .reversed())
                .toList();
    }

    private static boolean explains(Finding other, Finding finding) {
        if (finding.rule().equals(HIDDEN)) {
            return !other.rule().equals(HIDDEN)
                    && !EXPLAINS_NO_HIDDEN_TIME.contains(other.rule())
                    && (WITHIN_NODES.contains(other.rule()) || related(other.nodePath(), finding.nodePath()))
                    && amount(other) >= HALF * amount(finding);
        }
        return EXPLAINED_BY.getOrDefault(finding.rule(), Set.of()).contains(other.rule())
                && related(other.nodePath(), finding.nodePath())
                && amount(other) >= MOST * amount(finding);
    }

    private static boolean related(@Nullable String one, @Nullable String other) {
        return one != null && other != null && (isWithin(one, other) || isWithin(other, one));
    }

    private static boolean isWithin(String below, String above) {
        return below.equals(above) || below.startsWith(above + ".");
    }

    private static double amount(Finding finding) {
        Double millis = finding.impactMillis();
        return millis == null ? Evidence.cost(finding) : millis;
    }

    private static double score(Finding finding, double totalMillis) {
        if (finding.rule().equals("plan-regression")) {
            return Double.MAX_VALUE;
        }
        if (finding.rule().equals("odd-settings")) {
            // A plan that was forced explains what only describes it; odd figures explain nothing.
            return finding.severity() == Severity.INFO ? -1 : 1.01 * SYMPTOM;
        }
        return share(finding, totalMillis) * WEIGHTS.getOrDefault(finding.rule(), CAUSE);
    }

    private static double share(Finding finding, double totalMillis) {
        Double millis = finding.impactMillis();
        Double costShare = Evidence.costShare(finding);
        if (millis != null) {
            return totalMillis > 0 ? millis / totalMillis : millis;
        }
        return costShare == null ? 0 : costShare;
    }
}
