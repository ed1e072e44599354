// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.sandbox.launcher.installation.Installation;
import io.viewkeeper.sandbox.launcher.process.ChildProcess;
import io.viewkeeper.sandbox.launcher.process.Tool;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.schema.event.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The consumers that docs/consumers has for copying, in Java, Python and JavaScript, as processes, each with a group and a file of its own. */
final class SampleConsumers implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What a consumer that is killed before it commits reads again. */
    private static final long TAKEN_BACK = 20;

    private final KafkaServer kafka;
    private final String prefix;
    private final Path folder;
    private final Admin admin;
    private final Map<String, List<String>> programs;
    private final Map<String, ChildProcess> running = new TreeMap<>();

    /** What one of them holds of a view. The stamp is null where there is no such view. */
    record Held(@Nullable String stamp, @Nullable String dataAsOf) {}

    /** Those that read the topics of this prefix; nothing runs yet. */
    SampleConsumers(KafkaServer kafka, String prefix, Path folder) throws IOException {
        this.kafka = kafka;
        this.prefix = prefix;
        this.folder = folder;
        programs = programs();
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private static Map<String, List<String>> programs() throws IOException {
        var root = Installation.root();
        var samples = root.resolve("docs/consumers");
        var libraries = root.resolve("target/tools/javascript");
        assertThat(libraries.resolve("node_modules"))
                .as("kafkajs and cloudevents: './viewkeeper test' brings them")
                .isDirectory();
        // Node looks for them beside the program.
        var javascript = libraries.resolve("report-cache.mjs");
        Files.copy(samples.resolve("report-cache.mjs"), javascript, StandardCopyOption.REPLACE_EXISTING);
        return Map.of(
                "java",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        samples.resolve("ReportCache.java").toString()),
                "python",
                List.of(
                        Tool.python(root).file().toString(),
                        samples.resolve("report_cache.py").toString()),
                "javascript",
                List.of(Tool.node(root).file().toString(), javascript.toString()));
    }

    Set<String> names() {
        return programs.keySet();
    }

    void start() {
        programs.forEach((name, program) -> {
            var command = new ArrayList<>(program);
            command.addAll(
                    List.of(kafka.bootstrapServers(), group(name), file(name).toString(), prefix));
            running.put(name, ChildProcess.start(name, command, Map.of(), folder.resolve(name + ".log")));
        });
    }

    private String group(String name) {
        return prefix + "." + name;
    }

    private Path file(String name) {
        return folder.resolve(name + ".json");
    }

    /** By source and key; nothing before the first records were read. */
    Map<String, Held> cacheOf(String name) {
        var held = new TreeMap<String, Held>();
        if (!Files.exists(file(name))) {
            return held;
        }
        try {
            JSON.readTree(file(name).toFile())
                    .properties()
                    .forEach(view -> held.put(view.getKey(), held(view.getValue())));
            return held;
        } catch (IOException e) {
            throw new UncheckedIOException("the cache of " + name, e);
        }
    }

    private static Held held(JsonNode view) {
        return new Held(
                view.required("stamp").asText(null), view.required("dataAsOf").asText(null));
    }

    /** What is committed is in the file already. */
    void awaitAllRead() throws ExecutionException, InterruptedException {
        var ends = ends();
        for (var name : names()) {
            var process = Objects.requireNonNull(running.get(name));
            Await.until(() -> "%s has read all; its log:%n%s".formatted(name, process.endOfLog()), () -> {
                assertThat(process.isAlive()).as(process::obituary).isTrue();
                return committed(name).equals(ends);
            });
        }
    }

    private Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
        var topics = List.of(Topics.refresh(prefix), Topics.viewState(prefix));
        var latest = admin.describeTopics(topics).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest()));
        return admin.listOffsets(latest).all().get().entrySet().stream()
                .filter(end -> end.getValue().offset() > 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    private Map<TopicPartition, Long> committed(String name) throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(group(name)).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .filter(committed -> committed.getValue().offset() > 0)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, committed -> committed.getValue().offset()));
    }

    /** Kills all as if they had not come to commit the last records that are in their files, and starts them again. */
    void killAndStartAgain() throws ExecutionException, InterruptedException {
        for (var name : names()) {
            Objects.requireNonNull(running.get(name)).kill();
            // Or else the broker waits until it gives up the dead member.
            admin.removeMembersFromConsumerGroup(group(name), new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
            var earlier = committed(name).entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            committed -> new OffsetAndMetadata(Math.max(0, committed.getValue() - TAKEN_BACK))));
            admin.alterConsumerGroupOffsets(group(name), earlier).all().get();
        }
        start();
    }

    @Override
    public void close() {
        running.values().forEach(ChildProcess::askToStop);
        running.values().forEach(ChildProcess::close);
        admin.close();
    }
}
