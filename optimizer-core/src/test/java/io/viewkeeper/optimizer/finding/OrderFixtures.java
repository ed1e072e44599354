// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * Makes the plans of {@link OrderTest} on a fresh database of PostgreSQL 18: setup.sql, then each statement of statements.sql,
 * whose heading is its name, the options of EXPLAIN, and settings.
 */
public final class OrderFixtures {
    static final Path FOLDER = Fixture.root().resolve("optimizer-core/src/test/resources/orders");

    private OrderFixtures() {}

    public static void main(String[] none) throws SQLException, IOException {
        var database = PostgresServer.shared()
                .createUnmigratedDatabase(
                        "orders_" + UUID.randomUUID().toString().substring(0, 8));
        try (var connection = database.connect(Role.SUPERUSER)) {
            FindingFixtures.run(connection, FindingFixtures.statements(Files.readString(FOLDER.resolve("setup.sql"))));
            FindingFixtures.run(connection, List.of("set max_parallel_workers_per_gather = 0", "set jit = off"));
            for (String block :
                    Files.readString(FOLDER.resolve("statements.sql")).split("(?m)^-- ", -1)) {
                if (!block.isBlank()) {
                    int line = block.indexOf('\n');
                    String[] heading = block.substring(0, line).split("; ", -1);
                    var settings = Arrays.stream(heading).skip(2).toList();
                    String explain =
                            "explain (verbose, format json, %s) ".formatted(heading[1]) + block.substring(line);
                    FindingFixtures.explain(connection, settings, explain.replace(";", ""));
                    String json = FindingFixtures.explain(connection, settings, explain.replace(";", ""));
                    Files.writeString(FOLDER.resolve(file(heading[0])), FindingFixtures.pretty(json));
                    FindingFixtures.run(
                            connection, List.of("reset work_mem", "reset random_page_cost", "reset enable_mergejoin"));
                }
            }
        }
        // The server's threads would keep the JVM alive.
        System.exit(0);
    }

    static String file(String name) {
        return name.replaceAll("[^a-z]+", "-") + ".json";
    }
}
