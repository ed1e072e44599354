// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A running Kafka broker, its own controller, in a process of its own. It never outlives this JVM, not even one that was
 * killed. Topics are not created by using them: see {@link #createTopics}.
 */
public final class KafkaServer implements AutoCloseable {

    private static final int ADMIN_TIMEOUT_MILLIS = 120_000;
    private static final int BETWEEN_LOOKS_MILLIS = 20;

    private final KafkaBroker broker;

    private KafkaServer(KafkaBroker broker) {
        this.broker = broker;
    }

    public static KafkaServer start(KafkaOptions options) {
        return new KafkaServer(startBroker(options));
    }

    private static KafkaBroker startBroker(KafkaOptions options) {
        return switch (ServerKind.chosen()) {
            case EMBEDDED -> EmbeddedKafkaBroker.start(options);
            case CONTAINERS -> KafkaInContainer.start(options);
        };
    }

    /**
     * The broker that all tests in this JVM use, started by the first. It ends with the JVM: nobody stops, kills, restarts or
     * closes it.
     */
    public static KafkaServer shared() {
        return new KafkaServer(new SharedKafkaBroker(SharedServers.addressOf(
                "kafka", () -> startBroker(KafkaOptions.temporary()).bootstrapServers())));
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** The setting with which one of the services finds this broker. */
    public Map<String, String> serviceSettings() {
        return Map.of("kafka.bootstrap.servers", bootstrapServers());
    }

    /** Creates topics of one partition, with the broker's defaults; those that exist stay as they are. */
    public void createTopics(String... names) {
        createTopics(List.of(names).stream()
                .map(name -> new NewTopic(name, 1, (short) 1))
                .toList());
    }

    /** Creates topics, and waits until the broker knows them; those that exist stay as they are. */
    public void createTopics(Collection<NewTopic> topics) {
        try (var admin = admin()) {
            for (var created : admin.createTopics(topics).values().entrySet()) {
                try {
                    created.getValue().get(2L * ADMIN_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new SandboxServerException("Could not create topic " + created.getKey(), e);
                    }
                } catch (TimeoutException e) {
                    throw new SandboxServerException("Could not create topic " + created.getKey() + " in time", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxServerException("Interrupted while creating topics", e);
        }
        awaitTopics(topics.stream().map(NewTopic::name).toList());
    }

    /**
     * Waits until the broker knows topics that somebody has created: the controller, which acknowledges a creation, tells
     * the broker a moment later.
     */
    public void awaitTopics(Collection<String> names) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ADMIN_TIMEOUT_MILLIS);
        try (var admin = admin()) {
            while (!knows(admin, names)) {
                if (System.nanoTime() - end > 0) {
                    throw new SandboxServerException("The broker does not know of the topics " + names);
                }
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxServerException("Interrupted while waiting for topics", e);
        }
    }

    private static boolean knows(Admin admin, Collection<String> names) throws InterruptedException {
        try {
            admin.describeTopics(names).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new SandboxServerException("Could not look for the topics " + names, e);
        }
    }

    private Admin admin() {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                ADMIN_TIMEOUT_MILLIS);
        return Admin.create(settings);
    }

    /** Stops the broker in order; its data stay. */
    public void stop() {
        broker.stop();
    }

    /** Ends the broker with SIGKILL; its data stay. */
    public void kill() {
        broker.kill();
    }

    /** Starts the broker again, after a stop if it runs, on the same port with the same data. */
    public void restart() {
        broker.stop();
        broker.start();
    }

    /** Stops the broker, and deletes its data if they were temporary. */
    @Override
    public void close() {
        broker.close();
    }
}
