// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A real PostgreSQL with two views, one of which fails, and a real Kafka, for the service as it is wired. */
public class Servers implements QuarkusTestResourceLifecycleManager {

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();

    @Override
    public Map<String, String> start() {
        execute(Role.OWNER, """
            create schema sales;
            grant usage, create on schema sales to viewkeeper_refresher;
            """);
        execute(Role.REFRESHER, """
            create materialized view sales.good as select i from generate_series(1, 10) i;
            create unique index on sales.good (i);
            create materialized view sales.bad as select 1 / (i - i) as i from generate_series(1, 10) i with no data;
            create unique index on sales.bad (i);
            """);
        var settings = new HashMap<>(database.serviceSettings(Role.REFRESHER));
        settings.putAll(kafka().serviceSettings());
        settings.put("viewkeeper.cluster", "test");
        settings.put("viewkeeper.instance", "refresher-0");
        settings.put("viewkeeper.refresh.groups.sales.views", "sales.*");
        settings.put("viewkeeper.refresh.groups.sales.interval", "1s");
        settings.put("viewkeeper.refresh.groups.sales.plain-refresh", "unpopulated");
        settings.put("quarkus.http.test-port", "0");
        settings.put("quarkus.management.test-port", "0");
        return settings;
    }

    KafkaServer kafka() {
        return KafkaServer.shared();
    }

    final void execute(Role role, String sql) {
        try {
            database.execute(role, sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(database, field -> field.getType() == SandboxDatabase.class);
    }

    @Override
    public void stop() {
        // Both servers end with the JVM.
    }
}
