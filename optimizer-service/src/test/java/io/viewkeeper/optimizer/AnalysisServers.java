// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;

/**
 * A database with a table, a plain view over it, a materialized view over that, and another table that nothing of it reads; a
 * statement is slow when it takes some milliseconds, so that the tests need not wait for slow ones.
 */
public class AnalysisServers extends TestServers {
    static final String OPERATOR = "olga-has-a-token-0123456789";
    static final String READER = "rita-reads-with-this-0123456789";

    @Override
    protected void prepare(Map<String, String> settings) {
        settings.put("viewkeeper.optimizer.slow.mean-time", "PT0.002S");
        settings.put("quarkus.log.file.enabled", "true");
        settings.put("quarkus.log.file.path", file("").toString());
        settings.put("viewkeeper.optimizer.slow.calls", "2");
        settings.put("viewkeeper.optimizer.analysis.settle", "PT0.2S");
        settings.put("viewkeeper.optimizer.analysis.latest", "PT2S");
        settings.put("viewkeeper.optimizer.analysis.pause", "PT1S");
        // None comes between two statements of a test.
        settings.put("viewkeeper.optimizer.analysis.idle-every", "P1D");
        // A machine that pauses in an execution neither cuts it off nor spends the budget.
        settings.put("viewkeeper.optimizer.analysis.plan-timeout", "PT2M");
        settings.put("viewkeeper.optimizer.analysis.execution-timeout", "PT2M");
        settings.put("viewkeeper.optimizer.analysis.budget", "PT10M");
        settings.put(
                "viewkeeper.security.operator-token-file",
                file("olga:" + OPERATOR).toString());
        settings.put(
                "viewkeeper.security.reader-token-file", file("rita:" + READER).toString());
        var database = new SandboxDatabase(
                Objects.requireNonNull(settings.get("test.database.host")),
                Integer.parseInt(Objects.requireNonNull(settings.get("test.database.port"))),
                Objects.requireNonNull(settings.get("test.database.name")),
                Objects.requireNonNull(settings.get("quarkus.datasource.password")));
        try {
            database.execute(Role.OWNER, """
                    create schema shop;
                    grant usage on schema shop to viewkeeper_optimizer;
                    create table shop.orders as
                      select i as id, i % 1000 as customer, 'status ' || i % 7 as status, repeat('x', 60) as note
                      from generate_series(1, 500000) i;
                    create table shop.unrelated as select i as id, repeat('y', 100) as note from generate_series(1, 100000) i;
                    create view shop.recent as select id, customer, status from shop.orders where id > 10;
                    create materialized view shop.by_customer as
                      select customer, status, count(*) as orders, md5(customer::text) as tag
                      from shop.recent group by customer, status;
                    create unique index on shop.by_customer (customer, status);
                    grant select on all tables in schema shop to viewkeeper_optimizer;
                    analyze shop.orders, shop.unrelated, shop.by_customer;
                    """);
            database.execute(Role.SUPERUSER, "grant maintain on shop.by_customer to viewkeeper_optimizer");
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static Path file(String content) {
        try {
            Path file = Files.createTempFile("tokens", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
