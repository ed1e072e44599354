// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of servers whose JVM was ended by SIGKILL, which runs no shutdown hook. */
@Tag("server")
@Tag("release")
class AbandonedServersTest {

    @Test
    void serversEndAndTakeTheirTemporaryFilesAlongWhenTheirParentIsKilled() throws Exception {
        var abandoned = startAndAbandon(List.of());

        Await.until("PostgreSQL has ended", () -> !abandoned.postmaster().isAlive());
        Await.until("Kafka has ended", () -> !abandoned.broker().isAlive());
        Await.until("the files of PostgreSQL are gone", () -> !Files.exists(abandoned.postgresDirectory()));
        Await.until("the files of Kafka are gone", () -> !Files.exists(abandoned.kafkaDirectory()));
    }

    /** The negative control: it is the lifeline, and not some other circumstance, that ends PostgreSQL. */
    @Test
    void withoutItsLifelinePostgresOutlivesAKilledParent() throws Exception {
        var abandoned = startAndAbandon(List.of("viewkeeper-lifeline"));
        try {
            Await.until("Kafka has ended", () -> !abandoned.broker().isAlive());
            assertThat(abandoned.postmaster().isAlive()).isTrue();
        } finally {
            var backends = abandoned.postmaster().descendants().toList();
            abandoned.postmaster().destroyForcibly();
            backends.forEach(ProcessHandle::destroyForcibly);
            Await.until("PostgreSQL has ended", () -> !abandoned.postmaster().isAlive());
            new ServerDirectory(abandoned.postgresDirectory(), true).deleteIfTemporary();
        }
    }

    private static Abandoned startAndAbandon(List<String> processesKilledFirst) throws Exception {
        var parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx128m",
                        Parent.class.getName())
                .redirectError(Redirect.DISCARD)
                .start();
        var output = parent.inputReader(StandardCharsets.UTF_8);
        var dataDirectory = Path.of(output.readLine());
        long brokerPid = Long.parseLong(output.readLine());
        var abandoned = new Abandoned(
                processNamedIn(dataDirectory.resolve("postmaster.pid")),
                dataDirectory.resolveSibling(""),
                ProcessHandle.of(brokerPid).orElseThrow(),
                Path.of(output.readLine()));
        assertThat(abandoned.postmaster().isAlive()).isTrue();
        assertThat(abandoned.broker().isAlive()).isTrue();

        for (var name : processesKilledFirst) {
            var victims = parent.descendants()
                    .filter(process -> arguments(process).contains(name))
                    .toList();
            assertThat(victims).hasSize(1);
            victims.forEach(ProcessHandle::destroyForcibly);
        }
        parent.destroyForcibly();
        return abandoned;
    }

    private static ProcessHandle processNamedIn(Path pidFile) throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst()))
                .orElseThrow();
    }

    private static List<String> arguments(ProcessHandle process) {
        return List.of(process.info().arguments().orElse(new String[0]));
    }

    private record Abandoned(
            ProcessHandle postmaster, Path postgresDirectory, ProcessHandle broker, Path kafkaDirectory) {}

    /** The JVM that is killed: starts both servers, says where they are, and waits. */
    static final class Parent {

        public static void main(String[] arguments) throws SQLException, InterruptedException {
            var postgres = PostgresServer.start(PostgresOptions.temporary());
            KafkaServer.start(KafkaOptions.temporary());
            try (var connection = postgres.database("postgres").connect(Role.SUPERUSER);
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("show data_directory")) {
                rows.next();
                System.out.println(rows.getString(1));
            }
            var broker = ProcessHandle.current()
                    .descendants()
                    .filter(process -> arguments(process).contains(KafkaProcess.class.getName()))
                    .findFirst()
                    .orElseThrow();
            System.out.println(broker.pid());
            var words = arguments(broker);
            System.out.println(words.get(words.indexOf(KafkaProcess.class.getName()) + 2));
            Thread.currentThread().join();
        }
    }
}
