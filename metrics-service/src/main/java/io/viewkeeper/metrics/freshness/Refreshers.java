// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.collector.DatabaseName;
import io.viewkeeper.metrics.exposition.Family;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.FamilySource;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.OptionalDouble;

/** How many refreshers work for the database, by their heartbeats: the cause where all views grow old at once. */
@Singleton
@Priority(98)
class Refreshers implements FamilySource {
    private final DatabaseName database;
    private final Collecting collecting;
    private volatile OptionalDouble alive = OptionalDouble.empty();

    Refreshers(DatabaseName database, Collecting collecting) {
        this.database = database;
        this.collecting = collecting;
    }

    void are(long howMany) {
        alive = OptionalDouble.of((double) howMany);
    }

    @Override
    public List<Family> families() {
        return List.of(Family.single(
                "viewkeeper_refreshers_alive",
                Kind.GAUGE,
                "Refreshers whose heartbeat in the database is at most 30 seconds old",
                List.of("database"),
                List.of(database.get()),
                collecting.silentSince("views").isPresent() ? OptionalDouble.empty() : alive));
    }
}
