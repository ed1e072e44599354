// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import io.viewkeeper.optimizer.analysis.Analysis;
import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.optimizer.finding.MostTime;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanText;
import io.viewkeeper.optimizer.statement.Load;
import io.viewkeeper.schema.service.http.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans and findings as a terminal shows them: what is wrong first, then the tree with each finding on its node. */
final class PlanPage {
    private static final int WIDTH = 118;

    private PlanPage() {}

    static String of(Analysis analysis, @Nullable Load load) {
        var page = new StringBuilder();
        line(page, "Statement " + analysis.statementId());
        wrapped(page, "  ", analysis.text());
        line(page, "");
        line(page, "Analysis " + analysis.analysisId() + ", " + analysis.analyzedAt() + ": " + headline(analysis));
        if (load != null) {
            line(page, "  - of the statement: " + load(load));
        }
        analysis.notes().forEach(note -> wrapped(page, "  - ", note));
        if (analysis.previousAnalysisId() != null) {
            line(page, "  - before: GET /analyses/" + analysis.previousAnalysisId());
        }
        line(page, "");
        AnalysisAnswer.plan(analysis).ifPresent(plan -> page.append(of(plan, analysis.findings())));
        return page.toString();
    }

    private static String headline(Analysis analysis) {
        return switch (analysis.outcome()) {
            case EXECUTED -> "executed in " + millis(analysis.executionMillis());
            case PLANNED -> "planned, not executed";
            case UNEXPLAINED -> "no plan: " + analysis.reason();
            case REFUSED -> "refused: " + analysis.reason();
        };
    }

    static String of(Plan plan, List<Finding> findings) {
        var page = new StringBuilder();
        var mostTime = MostTime.unexplained(plan, findings);
        line(page, verdict(plan.analyzed(), !findings.isEmpty(), mostTime.isPresent()));
        for (int i = 0; i < findings.size(); i++) {
            finding(page, i + 1, findings.get(i));
        }
        mostTime.ifPresent(where -> wrapped(page, "", where));
        line(page, "");
        page.append(PlanText.of(plan, node -> remarks(node.path(), findings)));
        return page.toString();
    }

    /** Of a plan that was not executed nobody knows whether there is nothing. */
    private static String verdict(boolean executed, boolean found, boolean unexplained) {
        if (executed && !found) {
            return unexplained ? "No rule finds anything to mend." : "Nothing worth reporting was found.";
        }
        if (executed) {
            return "Findings, in the order in which to see to them:";
        }
        return found
                ? "Not executed. Findings by the planner's estimates, in the order in which to see to them:"
                : "Not executed. By the planner's estimates nothing stands out; only explain (analyze, buffers) tells whether they hold.";
    }

    private static void finding(StringBuilder page, int number, Finding finding) {
        String impact = impact(finding.impactMillis(), finding.evidence());
        line(
                page,
                "%2d. %s (%s%s)%s"
                        .formatted(
                                number,
                                finding.rule(),
                                finding.severity().name().toLowerCase(Locale.ROOT),
                                impact,
                                finding.nodePath() == null ? "" : " at node " + finding.nodePath()));
        wrapped(page, "    ", finding.what());
        wrapped(page, "    → ", finding.advice());
    }

    /** Milliseconds only where they were measured. */
    static String impact(@Nullable Double millis, Map<String, Object> evidence) {
        if (millis != null) {
            return ", up to " + millis(millis);
        }
        return evidence.get("costShare") instanceof Number share
                ? ", up to %d %% of the plan's cost".formatted(Math.round(100 * share.doubleValue()))
                : "";
    }

    private static List<String> remarks(String path, List<Finding> findings) {
        var remarks = new ArrayList<String>();
        for (int i = 0; i < findings.size(); i++) {
            if (path.equals(findings.get(i).nodePath())) {
                remarks.add("finding " + (i + 1) + ": " + findings.get(i).rule());
            }
        }
        return remarks;
    }

    static String load(Load load) {
        return "%s and %s a day, mean %s (%s since %s)"
                .formatted(
                        counted(Math.round(load.callsPerDay()), "call"),
                        millis(load.millisPerDay()),
                        millis(load.meanMillis()),
                        counted(load.calls(), "call"),
                        load.since());
    }

    /** 1 call, 2 calls. */
    static String counted(long number, String what) {
        return String.format(Locale.ROOT, number == 1 ? "%,d %s" : "%,d %ss", number, what);
    }

    static String millis(@Nullable Double millis) {
        if (millis == null) {
            return "an unknown time";
        }
        if (millis < 1_000) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        return String.format(Locale.ROOT, millis < 600_000 ? "%.2f s" : "%,.0f s", millis / 1_000);
    }

    /** Breaks at blanks; the lines after the first are indented as far as it. */
    static void wrapped(StringBuilder page, String indent, String text) {
        String first = indent;
        var line = new StringBuilder(first);
        for (String word : Terminal.plain(text).strip().split(" +", -1)) {
            if (line.length() + word.length() > WIDTH && !line.toString().isBlank()) {
                line(page, line.toString().stripTrailing());
                line.setLength(0);
                line.append(" ".repeat(indent.length()));
            }
            line.append(word).append(' ');
        }
        line(page, line.toString().stripTrailing());
    }

    static void line(StringBuilder page, String text) {
        page.append(text).append('\n');
    }
}
