// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A migrated database of its own and topics of its own for each application that tests start; the service connects as its own role. */
public class TestServers implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        var database = PostgresServer.shared().migratedDatabase();
        var kafka = KafkaServer.shared();
        String prefix = "test-" + UUID.randomUUID();
        kafka.createTopics(Topics.refresh(prefix));

        var settings = new HashMap<String, String>();
        settings.putAll(database.serviceSettings(Role.OPTIMIZER));
        settings.putAll(kafka.serviceSettings());
        settings.put("viewkeeper.topic-prefix", prefix);
        settings.put("test.database.host", database.host());
        settings.put("test.database.port", Integer.toString(database.port()));
        settings.put("test.database.name", database.name());
        // Nothing is given up because a machine pauses.
        settings.put("viewkeeper.database.patience", "PT5M");
        settings.put("quarkus.datasource.reactive.additional-properties.statement_timeout", "300s");
        prepare(settings);
        return settings;
    }

    /** What is there before the service starts. */
    protected void prepare(Map<String, String> settings) {}

    @Override
    public void stop() {
        // The servers are shared, and end with this JVM.
    }
}
