// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A KRaft broker and controller in one child process, from the jars on the class path of this JVM. */
final class EmbeddedKafkaBroker implements KafkaBroker {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    // A broker of one node for small topics: one replica of everything, few threads, and buffers that suit a small
    // heap.
    private static final Map<String, String> SANDBOX_SETTINGS = Map.ofEntries(
            Map.entry("auto.create.topics.enable", "false"),
            // A broker that was killed is let in again when its session has ended: by default after 9 s.
            Map.entry("broker.session.timeout.ms", "2000"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            // How often an idle controller writes a no-op record: by default twice a second.
            Map.entry("metadata.max.idle.interval.ms", "10000"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("log.segment.bytes", "16777216"),
            Map.entry("log.index.size.max.bytes", "1048576"),
            Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
            Map.entry("num.io.threads", "2"),
            Map.entry("num.network.threads", "2"),
            Map.entry("background.threads", "2"),
            Map.entry("num.partitions", "1"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"));

    private final ServerDirectory directory;
    private final int port;
    private final int controllerPort;
    private final Map<String, String> commonSettings;
    private @Nullable Process process;

    private EmbeddedKafkaBroker(
            ServerDirectory directory, int port, int controllerPort, Map<String, String> commonSettings) {
        this.directory = directory;
        this.port = port;
        this.controllerPort = controllerPort;
        this.commonSettings = commonSettings;
    }

    static EmbeddedKafkaBroker start(KafkaOptions options) {
        var directory = ServerDirectory.of(options.directory(), "kafka");
        try {
            return FreePort.startOn(
                    options.port(),
                    port -> {
                        var broker =
                                new EmbeddedKafkaBroker(directory, port, FreePort.choose(), commonSettings(options));
                        broker.start();
                        return broker;
                    },
                    () -> directory.endOfLog().contains("BindException"));
        } catch (SandboxServerException e) {
            directory.deleteIfTemporary();
            throw e;
        }
    }

    /** What a broker is set to wherever it runs: the sandbox's settings, and the chosen ones over them. */
    static Map<String, String> commonSettings(KafkaOptions options) {
        var all = new HashMap<>(SANDBOX_SETTINGS);
        all.putAll(options.settings());
        return Map.copyOf(all);
    }

    @Override
    public void start() {
        if (process != null) {
            return;
        }
        try {
            var started = launch();
            process = started;
            awaitReady(started);
        } catch (IOException | ExecutionException | TimeoutException e) {
            kill();
            throw new SandboxServerException(
                    "Could not start Kafka on port %d; its log ends with:%n%s".formatted(port, directory.endOfLog()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            throw new SandboxServerException("Interrupted while Kafka was starting", e);
        }
    }

    private Process launch() throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // Ctrl-C reaches the whole process group: the broker leaves it to its parent to end things in order.
        var builder = new ProcessBuilder(List.of(
                "sh",
                "-c",
                "trap '' INT HUP; exec \"$@\"",
                "sh",
                java,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Dslf4j.provider=" + BrokerLogging.class.getName(),
                "-Dslf4j.internal.verbosity=WARN",
                KafkaProcess.class.getName(),
                writeSettings().toString(),
                directory.path().toString(),
                Boolean.toString(directory.temporary())));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder.redirectError(Redirect.appendTo(directory.log().toFile()))
                .start();
    }

    private Path writeSettings() throws IOException {
        var settings = new HashMap<>(commonSettings);
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("inter.broker.listener.name", "CLIENTS");
        String encryption = settings.containsKey("ssl.keystore.location") ? "SSL" : "PLAINTEXT";
        String protocol = settings.containsKey("sasl.enabled.mechanisms") ? "SASL_" + encryption : encryption;
        settings.put("listener.security.protocol.map", "CLIENTS:" + protocol + ",CONTROLLER:PLAINTEXT");
        settings.put("listeners", "CLIENTS://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("log.dirs", directory.path().resolve("data").toString());
        var properties = new Properties();
        properties.putAll(settings);
        var file = directory.path().resolve("server.properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }

    private static void awaitReady(Process started)
            throws InterruptedException, ExecutionException, TimeoutException, IOException {
        var firstLine = new CompletableFuture<@Nullable String>();
        Thread.startVirtualThread(() -> {
            try {
                // Left open: closing it would end the broker at its next line.
                BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
                firstLine.complete(output.readLine());
            } catch (IOException e) {
                firstLine.completeExceptionally(e);
            }
        });
        var line = firstLine.get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        if (!KafkaProcess.READY.equals(line)) {
            throw new IOException("The broker's process ended before the broker was ready");
        }
    }

    @Override
    public void stop() {
        var running = process;
        if (running == null) {
            return;
        }
        try (var input = running.getOutputStream()) {
            input.write((KafkaProcess.STOP + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            if (running.isAlive()) {
                throw new UncheckedIOException("Could not ask the Kafka broker to stop", e);
            }
        }
        awaitEnd(running, STOP_LIMIT);
        kill();
    }

    @Override
    public void kill() {
        var running = process;
        if (running == null) {
            return;
        }
        process = null;
        running.destroyForcibly();
        if (!awaitEnd(running, STOP_LIMIT)) {
            throw new SandboxServerException("Kafka process %d did not end".formatted(running.pid()));
        }
    }

    @Override
    public void close() {
        stop();
        directory.deleteIfTemporary();
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    private static boolean awaitEnd(Process running, Duration limit) {
        try {
            return running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxServerException("Interrupted while Kafka was stopping", e);
        }
    }
}
