// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.server.Role;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.Statement;

/** What an application did, as the plans of its statements tell: a count that has nothing to do with the server's statistics. */
final class Workload {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private long hit;
    private long read;
    private long sequential;
    private long byIndex;

    private Workload() {}

    /** So many scans of a table that is not in the cache, of all of another one, and of its index. */
    static Workload run(Statistics statistics, int coldScans, int scans, int lookUps) {
        var workload = new Workload();
        try (var connection = statistics.database().connect(Role.SUPERUSER);
                var statement = connection.createStatement()) {
            statement.execute("set max_parallel_workers_per_gather = 0");
            for (int i = 0; i < scans + lookUps; i++) {
                if (i % ((scans + lookUps) / coldScans) == 0) {
                    statement.execute("select pg_buffercache_evict_relation('cold')");
                    workload.explain(statement, "select count(*) from cold");
                }
                workload.explain(
                        statement,
                        i % (scans + lookUps) < scans
                                ? "select count(*) from sold where shop = 7"
                                : "select shop from sold where id = " + i);
            }
            statement.execute("select pg_catalog.pg_stat_force_next_flush()");
        } catch (SQLException | IOException failure) {
            throw new IllegalStateException(failure);
        }
        return workload;
    }

    private void explain(Statement statement, String sql) throws SQLException, IOException {
        try (var row = statement.executeQuery("explain (analyze, buffers, format json) " + sql)) {
            row.next();
            var plan = MAPPER.readTree(row.getString(1)).path(0).path("Plan");
            hit += plan.path("Shared Hit Blocks").asLong();
            read += plan.path("Shared Read Blocks").asLong();
            scans(plan);
        }
    }

    private void scans(JsonNode node) {
        String type = node.path("Node Type").asText();
        long loops = node.path("Actual Loops").asLong();
        sequential += type.equals("Seq Scan") ? loops : 0;
        byIndex += type.startsWith("Index") ? loops : 0;
        node.path("Plans").forEach(this::scans);
    }

    double hitRatio() {
        return (double) hit / (hit + read);
    }

    /** Of all scans of tables with more than 10,000 rows. */
    double indexShare() {
        return (double) byIndex / (sequential + byIndex);
    }
}
