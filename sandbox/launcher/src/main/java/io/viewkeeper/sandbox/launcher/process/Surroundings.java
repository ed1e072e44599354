// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the packaged programs are and what they work with.
 *
 * @param root the checkout
 * @param logs folder of the programs' logs
 */
public record Surroundings(
        Path root, Packaging packaging, Path logs, SandboxDatabase database, String bootstrapServers) {
    private static final Duration MIGRATION_LIMIT = Duration.ofMinutes(5);

    /** The same, with programs that are run in another way. */
    Surroundings with(Packaging other) {
        return new Surroundings(root, other, logs, database, bootstrapServers);
    }

    /** What a service must be told; the password is not in it, for everybody can read a command line. */
    Map<String, String> settingsOf(ServiceKind kind) {
        var settings = new HashMap<String, String>();
        settings.put("quarkus.datasource.reactive.url", database.reactiveUrl());
        settings.put("quarkus.datasource.username", kind.role().roleName());
        settings.put("kafka.bootstrap.servers", bootstrapServers);
        settings.put("quarkus.http.host", "127.0.0.1");
        settings.put("quarkus.management.host", "127.0.0.1");
        settings.put("viewkeeper.cluster", "sandbox");
        return settings;
    }

    Map<String, String> secretsOf(ServiceKind kind) {
        var password = database.serviceSettings(kind.role()).get("quarkus.datasource.password");
        return password == null ? Map.of() : Map.of("QUARKUS_DATASOURCE_PASSWORD", password);
    }

    /** Applies the schema as it is done in production: by the packaged command, as owner. */
    public void migrate(String contexts) throws InterruptedException {
        migrate(contexts, "");
    }

    /** As {@link #migrate(String)}, with these parameters in the URL. */
    public void migrate(String contexts, String parameters) throws InterruptedException {
        var name = "migration";
        var log = logs.resolve(name + ".log");
        List<String> command = packaging.command(root.resolve("schema/migration"));
        try (var process = ChildProcess.start(
                name,
                command,
                Map.of(
                        "QUARKUS_DATASOURCE_JDBC_URL",
                        "jdbc:postgresql://%s:%d/%s%s"
                                .formatted(database.host(), database.port(), database.name(), parameters),
                        "QUARKUS_DATASOURCE_USERNAME",
                        "viewkeeper_owner",
                        "QUARKUS_DATASOURCE_PASSWORD",
                        database.password(),
                        "VIEWKEEPER_MIGRATION_CONTEXTS",
                        contexts),
                log)) {
            if (process.awaitExit(MIGRATION_LIMIT) != 0) {
                throw new LauncherException(process.obituary());
            }
        }
    }
}
