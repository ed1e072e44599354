// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.optimizer.examine.Background;
import io.viewkeeper.optimizer.examine.Examiner;
import io.viewkeeper.optimizer.explain.AssumedPath;
import io.viewkeeper.optimizer.explain.ExplainRequest;
import io.viewkeeper.optimizer.explain.Explanation;
import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.optimizer.finding.Slowdown;
import io.viewkeeper.optimizer.plan.Estimate;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.sql.StatementText;
import io.viewkeeper.optimizer.statement.SlowStatement;
import io.viewkeeper.schema.database.SqlState;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.service.admission.BusyException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Analyses one statement: explains it, finds what is wrong with its plan, keeps the result, pays from the budget. */
@Singleton
public class Analyst {
    /** A warm-up and a measured execution, and what measuring costs. */
    private static final double EXECUTIONS = 2.5;

    private final Examiner examiner;
    private final Analyses analyses;
    private final AnalysisParts parts;

    Analyst(Examiner examiner, Analyses analyses, AnalysisParts parts) {
        this.examiner = examiner;
        this.analyses = analyses;
        this.parts = parts;
    }

    /**
     * What a person wants to know.
     *
     * @param values of $1, $2 …; none where the text has no parameters
     */
    public record Question(String sql, List<@Nullable String> values, boolean execute, String requestedBy) {}

    /**
     * Whatever the statement is, nothing changes.
     *
     * @throws BusyException when this minute's budget is spent: planning takes of the database, too
     */
    public Analysis answer(Question question) {
        double left = parts.budget().leftMillis();
        if (left <= 0) {
            throw BusyException.refused(
                    "This minute's budget for analyses, %.0f ms, is spent (viewkeeper.optimizer.analysis.budget); try again in a minute."
                            .formatted(parts.budget().perMinuteMillis()),
                    Duration.ofMinutes(1));
        }
        var request = new ExplainRequest(question.sql(), question.values(), question.execute(), null, null, left);
        var about = new About(
                StatementText.of(question.sql()), parts.now(), null, question.requestedBy(), null, null, null);
        return keep(about, explain(request), List.of());
    }

    /** What a look wants of a statement. */
    enum Wish {
        PLAN,
        /** It was executed before, and would tell the same again. */
        PLAN_OF_WHAT_NOBODY_CALLED,
        /** If the budget allows. */
        EXECUTION
    }

    /** @param slowdown if its calls take longer than they did */
    Analysis of(
            SlowStatement statement,
            UUID look,
            Wish wish,
            History.@Nullable Known before,
            @Nullable Slowdown slowdown) {
        double expected = expectedMillis(statement);
        double left = parts.budget().leftMillis();
        boolean affordable = expected * EXECUTIONS <= left;
        List<String> notes = switch (wish) {
            case PLAN -> List.of();
            case PLAN_OF_WHAT_NOBODY_CALLED ->
                List.of("EXPLAIN ANALYZE was left out: nobody has called it since it was executed for an analysis");
            case EXECUTION -> affordable ? List.of() : List.of(tooDear(expected, left));
        };
        boolean execute = wish == Wish.EXECUTION && affordable;
        var request = new ExplainRequest(
                statement.text(), List.of(), execute, expected, statement.queryId(), left, path(statement));
        var about = new About(
                new StatementText(statement.id(), statement.redacted()),
                parts.now(),
                look,
                null,
                statement,
                before,
                slowdown);
        return keep(about, explain(request), notes);
    }

    private static @Nullable AssumedPath path(SlowStatement statement) {
        var path = statement.path();
        return path == null ? null : new AssumedPath(path.role(), path.schemas());
    }

    private static String tooDear(double expected, double left) {
        return String.format(
                Locale.ROOT,
                "EXPLAIN ANALYZE was left out: it would take about %.0f ms, and %.0f ms of this minute's budget are left",
                expected * EXECUTIONS,
                left);
    }

    /** The mean of late, and where it did not run of late, of ever. */
    private static double expectedMillis(SlowStatement statement) {
        return statement.window().calls() > 0
                ? statement.window().meanMillis()
                : statement.counted().meanMillis();
    }

    /** @param begun by the server's clock: a refresh that comes later is not known to the analysis */
    private record About(
            StatementText text,
            Instant begun,
            @Nullable UUID look,
            @Nullable String requestedBy,
            @Nullable SlowStatement statement,
            History.@Nullable Known before,
            @Nullable Slowdown slowdown) {
        /** Of statements that people bring, nothing was counted. */
        Background background(History history) {
            return statement == null
                    ? Background.NONE
                    : new Background(
                            statement.usualCalls(),
                            statement.load().callsPerDay(),
                            hash -> history.before(text.id(), hash));
        }
    }

    private Explanation explain(ExplainRequest request) {
        Explanation explanation = examiner.explain(request);
        parts.budget().spend(explanation.taken().millis());
        return explanation;
    }

    private Analysis keep(About about, Explanation explanation, List<String> notes) {
        Analysis analysis = switch (explanation) {
            case Explanation.Planned planned -> planned(about, planned, notes);
            case Explanation.Unexplained unexplained ->
                without(
                        about,
                        new NoPlan(Analysis.Outcome.UNEXPLAINED, unexplained.reason(), unexplained.sqlState()),
                        with(notes, unexplained.hints()),
                        unexplained);
            case Explanation.Refused refused ->
                without(
                        about,
                        new NoPlan(Analysis.Outcome.REFUSED, refused.reason(), null),
                        with(
                                notes,
                                List.of("refused by the protection "
                                        + refused.layer().name().toLowerCase(Locale.ROOT))),
                        refused);
        };
        analyses.save(analysis);
        parts.meters().analysis(analysis.outcome());
        if (explanation instanceof Explanation.Planned planned) {
            planned.repairs().forEach(repair -> parts.meters().repair(repair.wireName()));
        }
        return analysis;
    }

    private Analysis planned(About about, Explanation.Planned planned, List<String> notes) {
        var conclusion = examiner.find(planned, about.background(parts.history()));
        boolean measured = conclusion.measured();
        Plan plan = conclusion.plan();
        var findings = new ArrayList<>(conclusion.findings());
        if (findings.stream().noneMatch(finding -> finding.rule().equals("plan-regression"))) {
            findings.addAll(0, slowdown(about, conclusion.planHash()));
        }
        Estimate estimate = planned.plain().root().estimate();
        return new Analysis(
                UUID.randomUUID(),
                about.text().id(),
                about.text().redacted(),
                about.look(),
                about.requestedBy(),
                about.begun(),
                measured ? Analysis.Outcome.EXECUTED : Analysis.Outcome.PLANNED,
                null,
                null,
                planned.valuesFrom().wireName(),
                conclusion.json(),
                conclusion.planHash(),
                planned.relations().stream()
                        .map(relation -> new ViewName(relation.schema(), relation.name()).toString())
                        .toList(),
                estimate == null ? null : estimate.totalCost(),
                plan.planningMillis(),
                measured ? plan.totalMillis() : null,
                planned.taken().millis(),
                planned.taken().statements(),
                with(with(notes, planned.notes()), conclusion.doubt().stream().toList()),
                calls(about),
                mean(about),
                previous(about),
                findings);
    }

    private List<Finding> slowdown(About about, @Nullable String hash) {
        Slowdown slowdown = about.slowdown();
        return slowdown == null
                ? List.of()
                : List.of(slowdown.finding(
                        hash != null,
                        parts.history()
                                .planBefore(about.text().id(), slowdown.since(), hash)
                                .orElse(null)));
    }

    private record NoPlan(
            Analysis.Outcome outcome,
            String reason,
            @Nullable SqlState sqlState) {}

    private Analysis without(About about, NoPlan noPlan, List<String> notes, Explanation explanation) {
        return new Analysis(
                UUID.randomUUID(),
                about.text().id(),
                about.text().redacted(),
                about.look(),
                about.requestedBy(),
                about.begun(),
                noPlan.outcome(),
                noPlan.reason(),
                noPlan.sqlState() == null ? null : noPlan.sqlState().code(),
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                explanation.taken().millis(),
                explanation.taken().statements(),
                notes,
                calls(about),
                mean(about),
                previous(about),
                slowdown(about, null));
    }

    private static List<String> with(List<String> notes, List<String> more) {
        var all = new ArrayList<>(notes);
        all.addAll(more);
        return all;
    }

    private static @Nullable Long calls(About about) {
        return about.statement() == null ? null : about.statement().window().calls();
    }

    private static @Nullable Double mean(About about) {
        return about.statement() == null ? null : about.statement().window().meanMillis();
    }

    private static @Nullable UUID previous(About about) {
        return about.before() == null ? null : about.before().analysisId();
    }
}
