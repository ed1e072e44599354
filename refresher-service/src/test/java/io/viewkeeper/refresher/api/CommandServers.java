// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A real PostgreSQL, the service with its refresh loop asleep (tests set the tables), and two files of tokens. */
public class CommandServers implements QuarkusTestResourceLifecycleManager {
    static final String ALICE = "alice-has-a-token-0123456789";
    static final String BOB = "bob-has-another-one-0123456789";
    static final String RITA = "rita-reads-with-this-0123456789";

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();

    @Override
    public Map<String, String> start() {
        var settings = new HashMap<>(database.serviceSettings(Role.REFRESHER));
        settings.put("viewkeeper.refresh.groups.sales.views", "sales.*");
        settings.put("viewkeeper.refresh.groups.sales.interval", "1h");
        // Nothing here gets as far as Kafka.
        settings.put("kafka.bootstrap.servers", "localhost:1");
        settings.put("quarkus.http.test-port", "0");
        settings.put("quarkus.management.test-port", "0");
        putTheLoopToSleep();
        settings.putAll(security());
        return settings;
    }

    /** The service begins nothing of its own in a database whose schema is for newer services. */
    private void putTheLoopToSleep() {
        try {
            database.execute(Role.OWNER, "update viewkeeper.schema_version set version = 999, oldest_reader = 999");
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    Map<String, String> security() {
        var settings = new HashMap<>(operators());
        settings.put(
                "viewkeeper.security.reader-token-file",
                file("rita:" + RITA + "\n").toString());
        return settings;
    }

    /** The setting by which Alice and Bob may command. */
    public static Map<String, String> operators() {
        return Map.of(
                "viewkeeper.security.operator-token-file",
                file("# who may\n\nalice:" + ALICE + "\nbob:" + BOB + "\n").toString());
    }

    static Path file(String content) {
        try {
            Path file = Files.createTempFile("tokens", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(database, field -> field.getType() == SandboxDatabase.class);
    }

    @Override
    public void stop() {
        // The server ends with the JVM.
    }
}
