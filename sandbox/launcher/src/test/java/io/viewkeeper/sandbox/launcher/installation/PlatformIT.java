// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.launcher.process.ChildProcess;
import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.Packaging;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.FreePort;
import io.viewkeeper.sandbox.server.KafkaOptions;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged services where a platform is strict: no temporary files, secrets as files, logs as JSON, several servers in the URL, SASL. */
@Tag("release")
class PlatformIT {
    /** Some 13, see docs/settings.md. */
    private static final int SESSIONS_OF_AN_IDLE_INSTALLATION = 14;

    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();

    @TempDir
    private Path directory;

    @Test
    void startsWithoutTemporaryFilesWithSecretsOfFilesAndKeepsFewSessions() throws Exception {
        var kafka = KafkaServer.shared();
        var services = new ArrayList<Launched>();
        try {
            for (var kind : ServiceKind.values()) {
                var secrets = Files.createDirectory(directory.resolve(kind.module()));
                Files.writeString(secrets.resolve("quarkus.datasource.password"), password(kind) + "\n");
                services.add(start(
                        kind,
                        Map.of(
                                "smallrye.config.source.file.locations",
                                secrets.toString(),
                                "java.io.tmpdir",
                                "/nonexistent",
                                "quarkus.log.console.json.enabled",
                                "true",
                                "quarkus.datasource.reactive.url",
                                "postgresql://127.0.0.1:1,127.0.0.1:%d/%s?target_session_attrs=primary"
                                        .formatted(database.port(), database.name()),
                                "kafka.bootstrap.servers",
                                kafka.bootstrapServers())));
            }
            for (var service : services) {
                Await.until(service + " is ready", () -> Http.status(service.ready()) == Http.OK);
            }
            Await.until(
                    () -> "sessions are given back, now " + sessions(),
                    () -> sessions() > 0 && sessions() <= SESSIONS_OF_AN_IDLE_INSTALLATION);
        } finally {
            services.forEach(service -> service.process().close());
        }
        for (var service : services) {
            assertThat(Files.readAllLines(service.log()))
                    .filteredOn(line -> !line.startsWith("WARNING: "))
                    .isNotEmpty()
                    .allSatisfy(
                            line -> assertThat(new ObjectMapper().readTree(line).has("message"))
                                    .isTrue());
        }
    }

    @Test
    void aServerThatIsNotWhatTheUrlWantsIsNotTaken() throws Exception {
        var service = start(
                ServiceKind.METRICS,
                Map.of(
                        "quarkus.datasource.reactive.url",
                        "postgresql://127.0.0.1:%d/%s?target_session_attrs=standby"
                                .formatted(database.port(), database.name()),
                        "quarkus.datasource.password",
                        password(ServiceKind.METRICS),
                        "kafka.bootstrap.servers",
                        KafkaServer.shared().bootstrapServers()));
        try {
            Await.until(
                    () -> "why not: " + Http.text(service.ready()),
                    () -> Http.text(service.ready()).contains("no server that answers is one"));
        } finally {
            service.process().close();
        }
    }

    /** It stays ready, for nothing is lost, and says so where people look: health, metrics, log. */
    @Test
    void aWrongPasswordOfKafkaIsTold() throws Exception {
        try (var kafka = KafkaServer.start(
                KafkaOptions.temporary()
                        .withSettings(
                                Map.of(
                                        "sasl.enabled.mechanisms",
                                        "PLAIN",
                                        "sasl.mechanism.inter.broker.protocol",
                                        "PLAIN",
                                        "listener.name.clients.plain.sasl.jaas.config",
                                        PLAIN
                                                + "username=\"broker\" password=\"inner\" user_broker=\"inner\" user_viewkeeper=\"right\";")))) {
            refusedThenTaken(kafka, ServiceKind.METRICS);
            refusedThenTaken(kafka, ServiceKind.OPTIMIZER);
        }
    }

    private void refusedThenTaken(KafkaServer kafka, ServiceKind kind) throws Exception {
        var refused = start(kind, ofKafka(kafka, kind, "wrong"));
        try {
            Await.until(
                    () -> "it is told: " + Http.text(refused.ready()),
                    () -> Http.status(refused.ready()) == Http.OK
                            && Http.text(refused.ready()).contains("degraded: authentication with a broker fails"));
            Await.until("a metric", () -> connected(refused) == 0);
            Await.until(
                    "a line",
                    () -> lines(refused).stream()
                            .anyMatch(line ->
                                    line.contains("kafka=degraded reason=\"authentication with a broker fails")));
            assertThat(lines(refused)).hasSizeLessThan(40);
        } finally {
            refused.process().close();
        }
        var taken = start(kind, ofKafka(kafka, kind, "right"));
        try {
            Await.until("a connection", () -> connected(taken) == 1);
            assertThat(Http.text(taken.ready())).contains("\"kafka\": \"ok\"");
        } finally {
            taken.process().close();
        }
    }

    private Map<String, String> ofKafka(KafkaServer kafka, ServiceKind kind, String password) {
        return Map.of(
                "quarkus.datasource.reactive.url",
                database.reactiveUrl(),
                "quarkus.datasource.password",
                password(kind),
                "kafka.bootstrap.servers",
                kafka.bootstrapServers(),
                "kafka.security.protocol",
                "SASL_PLAINTEXT",
                "kafka.sasl.mechanism",
                "PLAIN",
                "kafka.sasl.jaas.config",
                PLAIN + "username=\"viewkeeper\" password=\"" + password + "\";");
    }

    private String password(ServiceKind kind) {
        return Objects.requireNonNull(database.serviceSettings(kind.role()).get("quarkus.datasource.password"));
    }

    private static double connected(Launched service) {
        return Http.text(URI.create(service.management() + "/q/metrics"))
                .lines()
                .filter(line -> line.startsWith("viewkeeper_kafka_connected{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElse(-1);
    }

    private record Launched(ServiceKind kind, ChildProcess process, Path log, String management) {
        URI ready() {
            return URI.create(management + "/q/health/ready");
        }
    }

    /** With these settings and no others. */
    private Launched start(ServiceKind kind, Map<String, String> settings) throws IOException {
        int management = FreePort.choose();
        var all = new HashMap<>(settings);
        all.put("quarkus.http.port", Integer.toString(FreePort.choose()));
        all.put("quarkus.management.port", Integer.toString(management));
        all.put("viewkeeper.topic-prefix", database.name());
        all.put("viewkeeper.refresh.groups.g.views", "g.*");
        all.put("viewkeeper.refresh.groups.g.interval", "1h");
        var command = new ArrayList<>(Packaging.JVM.command(Installation.root().resolve(kind.module())));
        all.forEach((name, value) -> command.add(1, "-D" + name + "=" + value));
        var log = Files.createTempFile(directory, kind.module(), ".log");
        return new Launched(
                kind, ChildProcess.start(kind.module(), command, Map.of(), log), log, "http://127.0.0.1:" + management);
    }

    private static List<String> lines(Launched service) {
        try {
            return Files.readAllLines(service.log());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private int sessions() {
        try (var connection = database.connect(Role.SUPERUSER);
                var row = connection
                        .createStatement()
                        .executeQuery("select count(*) from pg_stat_activity where application_name like 'viewkeeper-%'"
                                + " and datname = current_database() and pid <> pg_backend_pid()"
                                + " and application_name <> 'viewkeeper-sandbox'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException wrong) {
            throw new IllegalStateException(wrong);
        }
    }
}
