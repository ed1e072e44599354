// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import static io.viewkeeper.optimizer.api.PlanPage.counted;
import static io.viewkeeper.optimizer.api.PlanPage.line;
import static io.viewkeeper.optimizer.api.PlanPage.load;
import static io.viewkeeper.optimizer.api.PlanPage.millis;
import static io.viewkeeper.optimizer.api.PlanPage.wrapped;

import io.viewkeeper.optimizer.analysis.StatementReports.AnalysisSummary;
import io.viewkeeper.optimizer.analysis.StatementReports.FindingOfStatement;
import io.viewkeeper.optimizer.analysis.StatementReports.Statement;
import io.viewkeeper.optimizer.analysis.StatementReports.Window;
import io.viewkeeper.optimizer.api.StatementsResource.StatementHistory;
import io.viewkeeper.schema.service.http.Terminal;
import io.viewkeeper.schema.statement.Notice;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lists as a terminal shows them. */
final class ListPage {
    private static final int SHORT_TEXT = 200;

    private ListPage() {}

    static String statements(List<Statement> statements, List<Notice> notices) {
        var page = new StringBuilder();
        notices(page, notices);
        if (statements.isEmpty()) {
            line(page, "No slow statement is known.");
        }
        for (Statement statement : statements) {
            summary(page, statement);
            line(page, "");
        }
        return page.toString();
    }

    private static void summary(StringBuilder page, Statement statement) {
        line(page, statement.statementId() + (statement.slow() ? "" : " (not slow)"));
        wrapped(page, "  ", shortened(statement.text()));
        line(page, "  " + load(statement.load()));
        Window window = statement.window();
        if (window != null) {
            line(page, "  between looks: " + window(window));
        }
        AnalysisSummary analysis = statement.analysis();
        line(page, "  " + (analysis == null ? "not analysed yet" : analysis(analysis)));
    }

    private static String window(Window window) {
        return String.format(
                Locale.ROOT,
                "%s, mean %s, p95 %s (%s, confidence %s), %s in all, until %s",
                counted(window.calls(), "call"),
                millis(window.meanMillis()),
                millis(window.p95Millis()),
                window.p95Method(),
                window.p95Confidence(),
                millis(window.totalMillis()),
                window.until());
    }

    private static String analysis(AnalysisSummary analysis) {
        String what = analysis.reason() == null
                ? counted(analysis.findings(), "finding")
                : analysis.outcome() + ": " + Terminal.plain(analysis.reason());
        String time = analysis.executionMillis() == null
                ? ""
                : ", executed in " + millis(analysis.executionMillis()) + with(analysis.valuesFrom());
        return "GET /analyses/" + analysis.analysisId() + ": " + what + time + ", " + analysis.analyzedAt();
    }

    /** Which values, of which nobody says what they are. */
    private static String with(@Nullable String valuesFrom) {
        return switch (valuesFrom) {
            case "activity" -> " with the values of a session";
            case "request" -> " with values of the request";
            case "statistics-most-common" -> " with the most common values, or the widest ranges";
            case "statistics-median" -> " with values in the middle";
            case "statistics-rarest" -> " with the rarest values, or the narrowest ranges";
            case null, default -> "";
        };
    }

    static String statement(StatementHistory history) {
        var page = new StringBuilder();
        notices(page, history.notices());
        line(page, "Statement " + history.statement().statementId());
        wrapped(page, "  ", history.statement().text());
        line(
                page,
                "  reads "
                        + Terminal.plain(String.join(", ", history.statement().relations())));
        line(page, "  " + load(history.statement().load()));
        line(page, "");
        line(page, "Between looks, newest first:");
        history.windows().forEach(window -> line(page, "  " + window(window)));
        line(page, "");
        line(page, "Analyses, newest first:");
        history.analyses().forEach(analysis -> line(page, "  " + analysis(analysis)));
        return page.toString();
    }

    static String findings(List<FindingOfStatement> findings, List<Notice> notices) {
        var page = new StringBuilder();
        notices(page, notices);
        if (findings.isEmpty()) {
            line(page, "No finding in the analyses that there are. GET /statements tells which were planned only.");
        }
        for (FindingOfStatement finding : findings) {
            String impact = finding.impactMillis() == null ? "" : ", up to " + millis(finding.impactMillis());
            String day = finding.millisPerDay() == null ? "" : ", " + millis(finding.millisPerDay()) + " a day";
            line(
                    page,
                    "%s (%s%s%s), GET /analyses/%s"
                            .formatted(
                                    finding.rule(),
                                    finding.severity().name().toLowerCase(Locale.ROOT),
                                    impact,
                                    day,
                                    finding.analysisId()));
            wrapped(page, "  ", finding.what());
            wrapped(page, "  → ", finding.advice());
            wrapped(page, "  in: ", shortened(finding.text()));
            wrapped(
                    page,
                    "  of: ",
                    load(finding.load()) + ", " + finding.outcome()
                            + (finding.outcome().equals("executed") ? with(finding.valuesFrom()) : ""));
            line(page, "");
        }
        return page.toString();
    }

    private static void notices(StringBuilder page, List<Notice> notices) {
        notices.forEach(notice -> wrapped(page, "! ", notice.message()));
        if (!notices.isEmpty()) {
            line(page, "");
        }
    }

    private static String shortened(String text) {
        return text.length() <= SHORT_TEXT ? text : text.substring(0, SHORT_TEXT) + " …";
    }
}
