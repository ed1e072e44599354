// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Packaging;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Surroundings;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Certificates;
import io.viewkeeper.sandbox.server.KafkaOptions;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One setting encrypts every session of every pool, and verifies the server; the same of every client of Kafka. */
@Tag("server")
class EncryptedIT {
    /** Each pool by the name of its sessions. */
    private static final List<String> POOLS = List.of(
            "viewkeeper-metrics",
            "viewkeeper-metrics statistics",
            "viewkeeper-optimizer",
            "viewkeeper-optimizer explain",
            "viewkeeper-refresher");

    private static final String SESSIONS = """
            select a.application_name, s.ssl, a.query like '%listen viewkeeper' or a.query like '%viewkeeper:notifications%' as listens
            from pg_stat_activity a
            join pg_stat_ssl s on s.pid = a.pid
            where a.usename in ('viewkeeper_refresher', 'viewkeeper_optimizer', 'viewkeeper_metrics')
              and a.application_name <> 'viewkeeper-sandbox'
            """;

    @TempDir
    private static Path directory;

    private static Certificates certificates;
    private static Certificates ofOthers;
    private static PostgresServer postgres;
    private static KafkaServer kafka;
    private static Surroundings surroundings;
    private static SandboxDatabase database;

    @BeforeAll
    static void startServers() throws Exception {
        certificates = Certificates.make(directory.resolve("right"), "ip:127.0.0.1");
        ofOthers = Certificates.make(directory.resolve("other"), "ip:127.0.0.1");
        postgres = PostgresServer.start(PostgresOptions.temporary()
                .withSettings(Map.of(
                        "ssl",
                        "on",
                        "ssl_cert_file",
                        certificates.serverCertificate().toString(),
                        "ssl_key_file",
                        certificates.serverKey().toString())));
        kafka = KafkaServer.start(KafkaOptions.temporary()
                .withSettings(Map.of(
                        "ssl.keystore.type",
                        "PKCS12",
                        "ssl.keystore.location",
                        certificates.serverStore().toString(),
                        "ssl.keystore.password",
                        Certificates.STORE_PASSWORD,
                        "ssl.truststore.type",
                        "PKCS12",
                        "ssl.truststore.location",
                        certificates.trustStore().toString(),
                        "ssl.truststore.password",
                        Certificates.STORE_PASSWORD)));
        database = postgres.createUnmigratedDatabase("encrypted");
        var logs = Files.createDirectories(Installation.root().resolve("sandbox/launcher/target/encrypted"));
        surroundings = new Surroundings(Installation.root(), Packaging.JVM, logs, database, kafka.bootstrapServers());
        surroundings.migrate("core", parameters(certificates));
    }

    @AfterAll
    static void stopServers() {
        kafka.close();
        postgres.close();
    }

    @Test
    void everySessionOfEveryPoolIsEncryptedAndEventsArrive() throws Exception {
        database.execute(Role.OWNER, """
                create schema g;
                grant usage, create on schema g to viewkeeper_refresher;
                """);
        database.execute(
                Role.REFRESHER,
                "create materialized view g.v as select 1 as id; create unique index on g.v (id); grant select on g.v to viewkeeper_optimizer");
        var running = new ArrayList<RunningService>();
        var plain = new TreeSet<String>();
        var seen = new TreeSet<String>();
        try {
            for (var kind : ServiceKind.values()) {
                running.add(start(kind, "127.0.0.1", certificates, certificates));
            }
            for (var service : running) {
                service.awaitReady();
            }
            Await.until(() -> "sessions of every pool, so far of " + seen, () -> {
                // Slow enough for the optimizer to explain it.
                execute("select count(*) from g.v, pg_sleep(0.01)");
                look(seen, plain);
                return seen.containsAll(POOLS) && seen.contains("viewkeeper-refresher listens");
            });
            var metrics = running.getLast();
            Await.until(
                    "an event",
                    () -> Http.text(URI.create(metrics.managementUrl() + "/q/metrics"))
                            .lines()
                            .anyMatch(line -> line.startsWith("viewkeeper_events_total")
                                    && line.contains("applied")
                                    && !line.endsWith(" 0.0")));
            look(seen, plain);
        } finally {
            running.forEach(RunningService::close);
        }
        assertThat(plain).isEmpty();
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefusedWithASentence() throws InterruptedException {
        assertThatThrownBy(() -> surroundings.migrate("core", parameters(ofOthers)))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("PKIX path");
        refused("127.0.0.1", ofOthers, ServiceKind.values());
    }

    @Test
    @Tag("release")
    void aCertificateOfAnotherHostIsRefusedWithASentence() {
        // The names are compared where the authority is looked at, which the test above shows of all services.
        refused("localhost", certificates, ServiceKind.REFRESHER);
    }

    @Test
    @Tag("release")
    void aBrokerOfAnotherAuthorityIsRefusedAndToldAndNothingElseStops() {
        try (var service = start(ServiceKind.METRICS, "127.0.0.1", certificates, ofOthers)) {
            var ready = URI.create(service.managementUrl() + "/q/health/ready");
            Await.until(
                    () -> "it says why: " + Http.text(ready),
                    () -> Http.status(ready) == 200 && Http.text(ready).contains("authentication with a broker fails"));
            assertThat(Http.text(URI.create(service.managementUrl() + "/q/metrics")))
                    .containsPattern("(?m)^viewkeeper_kafka_connected\\{.* 0\\.0$");
        }
    }

    private static void refused(String host, Certificates trusted, ServiceKind... kinds) {
        var running = new ArrayList<RunningService>();
        try {
            for (var kind : kinds) {
                running.add(start(kind, host, trusted, trusted));
            }
            for (var service : running) {
                var ready = URI.create(service.managementUrl() + "/q/health/ready");
                Await.until(
                        () -> service.kind() + " says why: " + Http.text(ready),
                        () -> Http.status(ready) == 503
                                && Http.text(ready).contains("the TLS handshake failed: its certificate is not"));
            }
            assertThat(seenNow()).isEmpty();
        } finally {
            running.forEach(RunningService::close);
        }
    }

    @Test
    @Tag("release")
    void whatItCannotDoWithAnUrlStopsTheStartWithASentence() {
        try (var service = RunningService.start(
                ServiceKind.METRICS,
                surroundings,
                Map.of("quarkus.datasource.reactive.url", database.reactiveUrl() + "?sslcrl=/crl.pem"))) {
            Await.until("its end", () -> !service.process().isAlive());
            assertThat(service.process().endOfLog())
                    .contains("quarkus.datasource.reactive.url has the parameter sslcrl");
        }
    }

    private static RunningService start(ServiceKind kind, String host, Certificates ofDatabase, Certificates ofKafka) {
        var settings = new HashMap<String, String>();
        settings.put(
                "quarkus.datasource.reactive.url",
                "postgresql://%s:%d/%s%s".formatted(host, database.port(), database.name(), parameters(ofDatabase)));
        settings.put("kafka.bootstrap.servers", host + kafka.bootstrapServers().replaceAll(".*:", ":"));
        settings.put("kafka.security.protocol", "SSL");
        settings.put("kafka.ssl.truststore.type", "PKCS12");
        settings.put("kafka.ssl.truststore.location", ofKafka.trustStore().toString());
        settings.put("kafka.ssl.truststore.password", Certificates.STORE_PASSWORD);
        settings.put("viewkeeper.refresh.groups.g.views", "g.*");
        settings.put("viewkeeper.refresh.groups.g.interval", "1s");
        settings.put("viewkeeper.optimizer.slow.mean-time", "PT0.001S");
        settings.put("viewkeeper.optimizer.slow.calls", "1");
        return RunningService.start(kind, surroundings, settings);
    }

    private static String parameters(Certificates trusted) {
        return "?sslmode=verify-full&sslrootcert=" + trusted.authority();
    }

    private static void look(Set<String> seen, Set<String> plain) {
        for (var session : sessions()) {
            seen.add(session.name());
            if (session.listens()) {
                seen.add(session.name() + " listens");
            }
            if (!session.encrypted()) {
                plain.add(session.name());
            }
        }
    }

    private static List<String> seenNow() {
        return sessions().stream().map(Pooled::name).toList();
    }

    private record Pooled(String name, boolean encrypted, boolean listens) {}

    private static List<Pooled> sessions() {
        var found = new ArrayList<Pooled>();
        try (var connection = database.connect(Role.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(SESSIONS)) {
            while (rows.next()) {
                found.add(new Pooled(rows.getString(1), rows.getBoolean(2), rows.getBoolean(3)));
            }
            return found;
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static void execute(String sql) {
        try {
            database.execute(Role.SUPERUSER, sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
