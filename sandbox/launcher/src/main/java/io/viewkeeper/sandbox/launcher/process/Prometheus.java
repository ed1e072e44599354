// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.sandbox.server.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A real Prometheus on loopback that scrapes services, one job for each kind; what it stores is deleted when it is closed. */
public final class Prometheus implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofMinutes(5);

    private final ChildProcess process;
    private final Path directory;
    private final int port;

    private Prometheus(ChildProcess process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** The rules that ship with Viewkeeper, if this checkout has them. */
    public static Optional<Path> shippedRules(Path root) {
        return Optional.of(root.resolve("deploy/k8s/monitoring/rules/viewkeeper.rules.yaml"))
                .filter(Files::isRegularFile);
    }

    /**
     * What is scraped.
     *
     * @param interval in whole seconds, also that of the rules
     */
    public record Plan(Collection<RunningService> services, Optional<Path> rules, Duration interval) {
        private String configuration() {
            return """
                    global:
                      scrape_interval: %1$ds
                      scrape_timeout: %1$ds
                      evaluation_interval: %1$ds
                    rule_files: [%2$s]
                    scrape_configs:
                    %3$s
                    """.formatted(
                            interval.toSeconds(),
                            rules.map(file -> "'" + file + "'").orElse(""),
                            services.stream().collect(Collectors.groupingBy(RunningService::kind)).entrySet().stream()
                                    .map(kind -> job(kind.getKey(), kind.getValue()))
                                    .collect(Collectors.joining("\n")));
        }

        private static String job(ServiceKind kind, List<RunningService> services) {
            return """
                    - job_name: '%s'
                      metrics_path: /q/metrics
                      static_configs:
                      - targets: [%s]""".formatted(
                    kind.module(),
                    services.stream()
                            .map(service ->
                                    "'" + URI.create(service.managementUrl()).getAuthority() + "'")
                            .collect(Collectors.joining(", ")));
        }
    }

    /** Starts one, emptying the directory for its files; it may not be ready yet. */
    public static Prometheus start(Tool program, Plan plan, Path directory) {
        try {
            delete(directory);
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("prometheus.yml"), plan.configuration());
        } catch (IOException e) {
            throw new UncheckedIOException("Could not write the configuration of Prometheus to " + directory, e);
        }
        int port = FreePort.choose();
        var command = new ArrayList<>(List.of(
                program.file().toString(),
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn"));
        // Debian's looks for its pages where the package is installed, not where it was unpacked.
        program.shared("prometheus/web").ifPresent(pages -> command.add("--web.local-assets=" + pages + "/"));
        var log = directory.resolveSibling("prometheus.log");
        return new Prometheus(ChildProcess.start("prometheus", command, Map.of(), log), directory, port);
    }

    public void awaitReady() throws InterruptedException {
        boolean ready = new Poll(READY_LIMIT).until(() -> {
            if (!process.isAlive()) {
                throw new LauncherException(process.obituary());
            }
            return Http.status(URI.create(url() + "/-/ready")) == Http.OK;
        });
        if (!ready) {
            throw new LauncherException("Prometheus is not ready after %d s; the end of its log:%n%s"
                    .formatted(READY_LIMIT.toSeconds(), process.endOfLog()));
        }
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public ChildProcess process() {
        return process;
    }

    /** One series of an answer: its labels, and its value now, which may be infinite. */
    public record Sampled(Map<String, String> labels, double value) {
        public String label(String name) {
            return labels.getOrDefault(name, "");
        }
    }

    /** What a query gives now; nothing where Prometheus does not answer. */
    public List<Sampled> query(String promql) {
        return ask(promql, "");
    }

    /** What it gave at some moment. */
    public List<Sampled> query(String promql, Instant moment) {
        return ask(promql, "&time=" + moment);
    }

    private List<Sampled> ask(String promql, String option) {
        return data("/api/v1/query?query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8) + option)
                .map(data ->
                        stream(data.path("result")).map(Prometheus::sampled).toList())
                .orElse(List.of());
    }

    /** The jobs that it scraped when it tried last. */
    public Set<String> jobsUp() {
        return query("up == 1").stream().map(series -> series.label("job")).collect(Collectors.toSet());
    }

    /** Names of all series that it has stored. */
    public Set<String> names() {
        return data("/api/v1/label/__name__/values")
                .map(data -> stream(data).map(JsonNode::asText).collect(Collectors.toCollection(TreeSet::new)))
                .orElseGet(TreeSet::new);
    }

    /** The rules as it has loaded and evaluated them. */
    public List<JsonNode> rules() {
        return data("/api/v1/rules")
                .map(data -> stream(data.path("groups"))
                        .flatMap(group -> stream(group.path("rules")))
                        .toList())
                .orElse(List.of());
    }

    private Optional<JsonNode> data(String path) {
        return Http.json(URI.create(url() + path)).map(answer -> answer.path("data"));
    }

    private static Sampled sampled(JsonNode series) {
        var labels = new HashMap<String, String>();
        series.path("metric")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return new Sampled(labels, number(series.path("value").path(1).asText()));
    }

    /** As Prometheus writes numbers. */
    public static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        process.close();
        try {
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Could not delete what Prometheus left in " + directory, e);
        }
    }
}
