// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Instants;
import java.time.Instant;

/**
 * When a sample was taken, by the server's clock, and which server it was of.
 *
 * @param serverStarted tells servers apart: after a failover the counters are those of another one, with a past of its own
 */
record ServerMoment(Instant at, Instant serverStarted) {
    /** Columns that {@link #of} reads. */
    static final String COLUMNS =
            "pg_catalog.clock_timestamp() as sampled_at, pg_catalog.pg_postmaster_start_time() as server_started";

    static ServerMoment of(Row row) {
        return new ServerMoment(Instants.of(row, "sampled_at"), Instants.of(row, "server_started"));
    }

    /** Whether its counters go on from the earlier ones, or began after them: false of a server that ran beside the other. */
    boolean continues(ServerMoment earlier) {
        return serverStarted.equals(earlier.serverStarted) || serverStarted.isAfter(earlier.at);
    }
}
