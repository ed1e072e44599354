// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.viewkeeper.optimizer.Connections;
import io.viewkeeper.optimizer.examine.Examiner;
import io.viewkeeper.optimizer.explain.ExplainLimits;
import io.viewkeeper.optimizer.explain.Explainer;
import io.viewkeeper.optimizer.explain.Protection;
import io.viewkeeper.optimizer.statement.SlowStatements;
import io.viewkeeper.optimizer.statement.StatementSettings;
import io.viewkeeper.optimizer.survey.Surveyor;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.start.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One replica, driven by hand. */
record Optimizer(
        Database database,
        AnalysisParts parts,
        Looks looks,
        LookLoop loop,
        LookRows rows,
        Analyses analyses,
        Analyst analyst) {
    /** No limit that a machine reaches by pausing; what is executed is chosen as ever. */
    private static final ExplainLimits PATIENT = new ExplainLimits(
            Await.PATIENCE,
            Await.PATIENCE,
            ExplainLimits.defaults().executionBudget(),
            Await.PATIENCE,
            ExplainLimits.defaults().lockTimeout(),
            Await.PATIENCE,
            Await.PATIENCE,
            Await.PATIENCE);

    private record Thresholds(Duration meanTime, long calls, int top) implements StatementSettings {
        @Override
        public double share() {
            return 0.01;
        }
    }

    /** @param budget of a minute; all else as it comes, without any pause */
    private record Settings(Duration budget) implements AnalysisSettings {
        @Override
        public boolean enabled() {
            return true;
        }

        @Override
        public Duration tick() {
            return Duration.ZERO;
        }

        @Override
        public Duration settle() {
            return Duration.ZERO;
        }

        @Override
        public Duration latest() {
            return Duration.ZERO;
        }

        @Override
        public Duration pause() {
            return Duration.ZERO;
        }

        @Override
        public Duration idleEvery() {
            return Duration.ofDays(1);
        }

        @Override
        public boolean execute() {
            return true;
        }

        @Override
        public Duration planTimeout() {
            return Await.PATIENCE;
        }

        @Override
        public Duration executionTimeout() {
            return Await.PATIENCE;
        }

        @Override
        public Duration total() {
            return Await.PATIENCE;
        }

        @Override
        public Optional<Set<String>> harmlessExtensions() {
            return Optional.empty();
        }

        @Override
        public boolean vacuum() {
            return true;
        }

        @Override
        public Duration again() {
            return Duration.ofDays(1);
        }
    }

    static Optimizer of(SandboxDatabase where, String instance, Duration budget) {
        var database = Connections.as("viewkeeper_optimizer", where);
        var settings = new Settings(budget);
        var meters = new AnalysisMeters(new SimpleMeterRegistry(), settings);
        var parts = new AnalysisParts(database, settings, meters, new Instance(instance));
        var explainer = new Explainer(Connections.as("viewkeeper_optimizer", where), Protection.of(PATIENT));
        var analyses = new Analyses(database);
        var statements =
                new SlowStatements(database, new Surveyor(database), new Thresholds(Duration.ofNanos(50_000), 2, 50));
        var rows = new LookRows(database);
        var analyst =
                new Analyst(new Examiner(database, explainer, new PlanReviewer(meters)::findings), analyses, parts);
        var looks = new Looks(statements, analyst, rows, parts, settings);
        return new Optimizer(database, parts, looks, new LookLoop(looks, parts, settings), rows, analyses, analyst);
    }

    List<Look> looksOf(String view) {
        return rows.recent(1_000).stream()
                .filter(look -> look.views().contains(view))
                .toList();
    }

    /** The newest analysis of the only statement whose text holds this. */
    Analysis newest(String inText) {
        var id = database.queryOne(
                "select analysis_id from viewkeeper.statement where pg_catalog.strpos(text, $1) > 0 and slow",
                row -> row.getUUID(0),
                inText);
        return analyses.find(id).orElseThrow();
    }
}
