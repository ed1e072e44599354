// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.workbench;

import io.viewkeeper.sandbox.launcher.process.Packaging;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.process.Surroundings;
import io.viewkeeper.sandbox.server.KafkaOptions;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.MigrationOptions;
import io.viewkeeper.sandbox.server.PostgresOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** PostgreSQL and Kafka for an experiment with packaged services. */
public record Workbench(Path root, PostgresServer postgres, KafkaServer kafka) {
    /**
     * Servers of its own. They note when a transaction was committed, which is how long an event's way is measured from,
     * and do not vacuum by themselves, which would come at another moment each time.
     */
    public static Workbench start(Path root, Started started) throws InterruptedException {
        return start(root, started, Map.of());
    }

    /** As {@link #start(Path, Started)}, PostgreSQL with these settings besides. */
    public static Workbench start(Path root, Started started, Map<String, String> chosen) throws InterruptedException {
        var settings = new HashMap<>(Map.of("track_commit_timestamp", "on", "autovacuum", "off"));
        settings.putAll(chosen);
        var options = PostgresOptions.temporary().withSettings(settings);
        return new Workbench(
                root,
                started.start(() -> PostgresServer.start(options)),
                started.start(() -> KafkaServer.start(KafkaOptions.temporary())));
    }

    /** A new database, empty but for Viewkeeper's own tables; its refreshers write to topics of their own. */
    public Site site(String name) {
        var database = postgres.createDatabase(name, MigrationOptions.core());
        try {
            var logs = Files.createDirectories(root.resolve("target/" + name));
            return new Site(new Surroundings(root, Packaging.JVM, logs, database, kafka.bootstrapServers()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One database and what works on it. */
    public record Site(Surroundings surroundings) {
        public SandboxDatabase database() {
            return surroundings.database();
        }

        public SqlSession session(Role role) {
            return SqlSession.of(database(), role);
        }

        public EventWatch watch() {
            return EventWatch.start(surroundings.bootstrapServers(), database().name());
        }

        /** A schema in which the refresher may have views, and which is its group {@code g}, never blocking readers. */
        public void createSchema(String name) {
            try (var owner = session(Role.OWNER)) {
                owner.run("""
                        create schema %1$s;
                        grant usage, create on schema %1$s to viewkeeper_refresher;
                        alter default privileges in schema %1$s grant select on tables to viewkeeper_refresher
                        """.formatted(name));
            }
        }

        /** Starts an optimizer that hears of this site's refreshes; it may not be ready yet. */
        public RunningService optimizer(Map<String, String> chosen) {
            var settings = new HashMap<>(chosen);
            settings.put("viewkeeper.topic-prefix", database().name());
            return RunningService.start(ServiceKind.OPTIMIZER, surroundings, settings);
        }

        /** Starts a metrics-service that hears of this site's refreshes; it may not be ready yet. */
        public RunningService metrics() {
            return RunningService.start(
                    ServiceKind.METRICS,
                    surroundings,
                    Map.of("viewkeeper.topic-prefix", database().name()));
        }

        /** Starts a refresher for which the views of one schema are due at this interval; it may not be ready yet. */
        public RunningService refresher(String instance, String schema, String interval) {
            var settings = new HashMap<String, String>();
            settings.put("viewkeeper.topic-prefix", database().name());
            settings.put("viewkeeper.instance", instance);
            settings.put("viewkeeper.refresh.groups.g.views", schema + ".*");
            settings.put("viewkeeper.refresh.groups.g.interval", interval);
            return RunningService.start(ServiceKind.REFRESHER, surroundings, settings);
        }
    }
}
