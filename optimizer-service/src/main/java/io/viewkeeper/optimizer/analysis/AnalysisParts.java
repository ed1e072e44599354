// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.start.Instance;
import jakarta.inject.Singleton;
import java.time.Instant;

/** The parts of an analysis that keep something in the database. */
@Singleton
public class AnalysisParts {
    private static final String NOW = """
        /* viewkeeper:analysis */
        select pg_catalog.clock_timestamp() as now
        """;

    private final Database database;
    private final Budget budget;
    private final History history;
    private final Marks marks;
    private final Turn turn;
    private final ViewReads viewReads;
    private final ViewVacuum viewVacuum;
    private final AnalysisMeters meters;
    private final String instance;

    AnalysisParts(Database database, AnalysisSettings settings, AnalysisMeters meters, Instance instance) {
        this.database = database;
        this.instance = instance.name();
        this.budget = new Budget(database, settings.budget());
        this.history = new History(database);
        this.marks = new Marks(database, settings);
        this.turn = new Turn(database, this.instance);
        this.viewReads = new ViewReads(database);
        this.viewVacuum = new ViewVacuum(
                database, this.instance, settings.executionTimeout().multipliedBy(2));
        this.meters = meters;
    }

    /** By the server's clock, which all replicas share. */
    Instant now() {
        return database.queryOne(NOW, row -> Instants.of(row, "now"));
    }

    public Budget budget() {
        return budget;
    }

    History history() {
        return history;
    }

    Marks marks() {
        return marks;
    }

    Turn turn() {
        return turn;
    }

    ViewReads viewReads() {
        return viewReads;
    }

    ViewVacuum viewVacuum() {
        return viewVacuum;
    }

    AnalysisMeters meters() {
        return meters;
    }

    String instance() {
        return instance;
    }
}
