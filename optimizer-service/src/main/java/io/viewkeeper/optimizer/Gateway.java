// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.vertx.sqlclient.Pool;
import io.viewkeeper.optimizer.analysis.AnalysisSettings;
import io.viewkeeper.optimizer.analysis.PlanReviewer;
import io.viewkeeper.optimizer.examine.Examiner;
import io.viewkeeper.optimizer.explain.ExplainLimits;
import io.viewkeeper.optimizer.explain.Explainer;
import io.viewkeeper.optimizer.explain.Protection;
import io.viewkeeper.optimizer.retention.OptimizerTables;
import io.viewkeeper.optimizer.retention.RetentionConfig;
import io.viewkeeper.optimizer.survey.Surveyor;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.ServerChoice;
import io.viewkeeper.schema.database.TransactionSettings;
import io.viewkeeper.schema.retention.Retention;
import io.viewkeeper.schema.start.WrongSetting;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** The way to PostgreSQL on which statements of others are explained, and what is deleted of ours. */
@Singleton
class Gateway {

    @Produces
    @Singleton
    Surveyor surveyor(Database database) {
        return new Surveyor(database);
    }

    /** Statements of strangers have a pool of their own, of which nothing else depends. */
    @Produces
    @Singleton
    Explainer explainer(@ReactiveDataSource("explain") Pool pool, AnalysisSettings settings, Config config) {
        var longest = settings.executionTimeout().plus(settings.planTimeout());
        return new Explainer(
                new Database(
                        pool,
                        longest.plus(ExplainLimits.defaults().margin()),
                        TransactionSettings.of(config, "explain")),
                Protection.of(limits(settings))
                        .trusting(settings.harmlessExtensions().orElse(Set.of())));
    }

    @Produces
    @Singleton
    Examiner examiner(Database database, Explainer explainer, PlanReviewer reviewer) {
        return new Examiner(database, explainer, reviewer::findings);
    }

    /** That pool chooses among servers as the first. */
    @Produces
    @Singleton
    @ReactiveDataSource("explain")
    PgPoolCreator explainServers(ServerChoice choice) {
        return choice;
    }

    @Produces
    @Singleton
    Retention retention(Database database, RetentionConfig config) {
        return WrongSetting.checked(() -> new Retention(database, "optimizer", OptimizerTables.rules(config)));
    }

    private static ExplainLimits limits(AnalysisSettings settings) {
        var usual = ExplainLimits.defaults();
        return new ExplainLimits(
                settings.planTimeout(),
                settings.executionTimeout(),
                settings.executionTimeout(),
                settings.total(),
                usual.lockTimeout(),
                usual.turnPatience(),
                usual.idleTimeout(),
                usual.margin());
    }
}
