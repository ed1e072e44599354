// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.optimizer.finding.Slowdown;
import io.viewkeeper.optimizer.statement.Sighting;
import io.viewkeeper.optimizer.statement.SlowStatement;
import io.viewkeeper.optimizer.statement.SlowStatements;
import io.viewkeeper.schema.database.DatabaseException;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One look: the refreshed views are vacuumed where it pays, then the slow statements that read them, or what they read, are
 * analysed again; those never seen before are planned, whatever they read. What was done is known from the tables alone, so
 * that a look that was cut off, or whose budget ran out, is taken up where it ended.
 */
@Singleton
class Looks {
    private static final Logger LOG = Logger.getLogger(Looks.class);

    private static final int MOST_REMEMBERED = 1_000;

    private final SlowStatements statements;
    private final Analyst analyst;
    private final LookRows rows;
    private final AnalysisParts parts;
    private final AnalysisSettings settings;
    /** Statements whose analysis failed, said once. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    /** By statement; what is forgotten is executed once more. */
    private final Map<String, Long> callsWhenExecuted = new ConcurrentHashMap<>();

    Looks(SlowStatements statements, Analyst analyst, LookRows rows, AnalysisParts parts, AnalysisSettings settings) {
        this.statements = statements;
        this.analyst = analyst;
        this.rows = rows;
        this.parts = parts;
        this.settings = settings;
    }

    /** @param goOn asked before each statement: false when the turn was lost or the service stops */
    Look look(List<Mark> marks, BooleanSupplier goOn) {
        var tally = new Tally(UUID.randomUUID(), Clock.systemUTC().instant());
        vacuum(marks, tally);
        long began = System.nanoTime();
        Sighting sighting = statements.look();
        tally.paid(millisSince(began), sighting.statementsIssued());
        parts.budget().spend(millisSince(began));
        Set<String> targets = parts.viewReads()
                .withBaseRelations(marks.stream().map(Mark::view).toList());
        var work = new Work(
                marks,
                targets,
                sighting.slow(),
                known(sighting.slow()),
                parts.history()
                        .slowdowns(
                                sighting.slow().stream().map(SlowStatement::id).toList()));
        boolean complete = analyse(work, tally, goOn);
        if (complete) {
            parts.marks().lookedAt(marks);
        }
        return finish(marks, sighting, tally);
    }

    private Map<String, History.Known> known(List<SlowStatement> slow) {
        return parts.history().known(slow.stream().map(SlowStatement::id).toList());
    }

    /**
     * What there is to do.
     *
     * @param targets relations whose statements are concerned
     * @param slowdowns of those that were quicker before
     */
    private record Work(
            List<Mark> marks,
            Set<String> targets,
            List<SlowStatement> slow,
            Map<String, History.Known> known,
            Map<String, Slowdown> slowdowns) {
        boolean concerns(History.@Nullable Known known) {
            return known != null && known.relations().stream().anyMatch(targets::contains);
        }

        /** The newest refresh of which the statement's analysis must know. */
        @Nullable
        Instant newestMark() {
            return marks.stream()
                    .map(Mark::lastMarkedAt)
                    .max(Instant::compareTo)
                    .orElse(null);
        }
    }

    private void vacuum(List<Mark> marks, Tally tally) {
        if (!settings.vacuum()) {
            return;
        }
        for (Mark mark : marks) {
            parts.viewVacuum().afterRefresh(mark.view()).ifPresent(outcome -> {
                tally.vacuums.add("%s: %s, %s".formatted(outcome.view(), outcome.status(), outcome.why()));
                tally.paid(outcome.millis(), 3);
                parts.budget().spend(outcome.millis());
            });
        }
    }

    /** False when something is left for later. */
    private boolean analyse(Work work, Tally tally, BooleanSupplier goOn) {
        // First those of which nothing is known: only their plan tells what they read.
        for (SlowStatement statement : work.slow()) {
            if (!work.known().containsKey(statement.id())) {
                if (!mayGoOn(tally, goOn)) {
                    return false;
                }
                analysed(
                                statement,
                                tally,
                                () -> analyst.of(
                                        statement,
                                        tally.id,
                                        Analyst.Wish.PLAN,
                                        null,
                                        work.slowdowns().get(statement.id())))
                        .ifPresent(first -> work.known()
                                .put(
                                        statement.id(),
                                        new History.Known(
                                                first.analysisId(),
                                                first.analyzedAt(),
                                                first.relations(),
                                                true,
                                                false,
                                                true)));
            }
        }
        for (SlowStatement statement : work.slow()) {
            History.Known known = work.known().get(statement.id());
            boolean concerned = work.concerns(known);
            tally.concerned += concerned ? 1 : 0;
            Slowdown slowdown = work.slowdowns().get(statement.id());
            boolean unsaid = slowdown != null && known != null && !known.regressed();
            if (unsaid || isDue(known, concerned, work.newestMark())) {
                if (!mayGoOn(tally, goOn)) {
                    return false;
                }
                analysed(
                                statement,
                                tally,
                                () -> analyst.of(statement, tally.id, wish(statement, known), known, slowdown))
                        .filter(Analysis::wasExecuted)
                        .ifPresent(_ -> remember(statement));
            }
        }
        return true;
    }

    /** What nobody has called since it was last executed for an analysis would tell the same again. */
    private Analyst.Wish wish(SlowStatement statement, History.@Nullable Known known) {
        if (!settings.execute()) {
            return Analyst.Wish.PLAN;
        }
        Long then = callsWhenExecuted.get(statement.id());
        boolean called = then != null
                ? then != statement.counted().calls()
                : known == null || !known.executed() || statement.window().calls() > 0;
        return called ? Analyst.Wish.EXECUTION : Analyst.Wish.PLAN_OF_WHAT_NOBODY_CALLED;
    }

    private void remember(SlowStatement statement) {
        if (callsWhenExecuted.size() >= MOST_REMEMBERED) {
            callsWhenExecuted.clear();
        }
        callsWhenExecuted.put(statement.id(), statement.counted().calls());
    }

    /** Whatever keeps one statement from being analysed keeps no other; only a lost connection concerns all. */
    private Optional<Analysis> analysed(SlowStatement statement, Tally tally, Supplier<Analysis> analysis) {
        try {
            Analysis made = analysis.get();
            tally.add(made);
            failing.remove(statement.id());
            return Optional.of(made);
        } catch (RuntimeException failure) {
            if (failure instanceof DatabaseException refused
                    && refused.sqlState().retryable()) {
                throw failure;
            }
            tally.unexplained++;
            if (failing.size() < MOST_REMEMBERED && failing.add(statement.id())) {
                LOG.warnf(
                        "statement=%s action=analyse outcome=failed reason=\"%s\"",
                        statement.id(), failure.getMessage());
            }
            return Optional.empty();
        }
    }

    private boolean isDue(History.@Nullable Known known, boolean concerned, @Nullable Instant newestMark) {
        if (known == null) {
            return false;
        }
        if (concerned && newestMark != null) {
            return known.first() || known.analyzedAt().isBefore(newestMark);
        }
        return known.analyzedAt().isBefore(Clock.systemUTC().instant().minus(settings.again()));
    }

    private boolean mayGoOn(Tally tally, BooleanSupplier goOn) {
        if (parts.budget().leftMillis() <= 0) {
            tally.postponed++;
            return false;
        }
        return goOn.getAsBoolean();
    }

    private Look finish(List<Mark> marks, Sighting sighting, Tally tally) {
        var look = new Look(
                tally.id,
                tally.startedAt,
                Clock.systemUTC().instant(),
                parts.instance(),
                marks.stream().map(mark -> mark.view().toString()).toList(),
                marks.stream().mapToLong(Mark::events).sum(),
                sighting.slow().size(),
                tally.concerned,
                tally.planned,
                tally.executed,
                tally.unexplained,
                tally.postponed,
                tally.regressions,
                tally.statementsIssued,
                tally.databaseMillis,
                tally.vacuums,
                sighting.survey().notices());
        rows.save(look);
        parts.meters().look(Duration.between(look.startedAt(), look.finishedAt()), look.databaseMillis());
        LOG.infof(
                "look=%s views=%d events=%d slow=%d concerned=%d planned=%d executed=%d unexplained=%d postponed=%d databaseMs=%.0f",
                look.lookId(),
                look.views().size(),
                look.events(),
                look.slowStatements(),
                look.concerned(),
                look.planned(),
                look.executed(),
                look.unexplained(),
                look.postponed(),
                look.databaseMillis());
        return look;
    }

    private static double millisSince(long began) {
        return (System.nanoTime() - began) / 1e6;
    }

    /** Counts as it goes. */
    private static final class Tally {
        private final UUID id;
        private final Instant startedAt;
        private final List<String> vacuums = new ArrayList<>();
        private int concerned;
        private int planned;
        private int executed;
        private int unexplained;
        private int postponed;
        private int regressions;
        private int statementsIssued;
        private double databaseMillis;

        Tally(UUID id, Instant startedAt) {
            this.id = id;
            this.startedAt = startedAt;
        }

        void paid(double millis, int statements) {
            databaseMillis += millis;
            statementsIssued += statements;
        }

        void add(Analysis analysis) {
            planned += analysis.plan() == null ? 0 : 1;
            executed += analysis.outcome() == Analysis.Outcome.EXECUTED ? 1 : 0;
            unexplained += analysis.plan() == null ? 1 : 0;
            regressions += (int) analysis.findings().stream()
                    .filter(finding -> finding.rule().equals("plan-regression"))
                    .count();
            paid(analysis.databaseMillis(), analysis.statementsIssued());
        }
    }
}
