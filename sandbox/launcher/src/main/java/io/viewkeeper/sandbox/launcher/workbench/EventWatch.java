// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.workbench;

import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads the refresh events from the first on, as any consumer could that has never heard of Viewkeeper: bytes, headers, no
 * library of ours or of CloudEvents.
 */
public final class EventWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int LOOK_FOR_TOPIC_MILLIS = 500;

    private final String bootstrapServers;
    private final String topic;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closed;

    private EventWatch(String bootstrapServers, String topic) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        thread = Thread.ofPlatform().daemon().name("event-watch").unstarted(this::run);
    }

    public static EventWatch start(String bootstrapServers) {
        return start(bootstrapServers, Topics.DEFAULT_PREFIX);
    }

    /** Reads the topic of refreshers that were given this prefix. */
    public static EventWatch start(String bootstrapServers, String topicPrefix) {
        var watch = new EventWatch(bootstrapServers, Topics.refresh(topicPrefix));
        watch.thread.start();
        return watch;
    }

    /** Everything read so far, in the order of reading: per key, that is the order of the topic. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /** How many were read so far. */
    public int count() {
        return count.get();
    }

    /**
     * A record as it lies on the topic.
     *
     * @param receivedAt when the consumer had it
     */
    public record Event(String key, Map<String, String> headers, String value, Instant receivedAt) {
        public Event {
            headers = Map.copyOf(headers);
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** {@code schema.view}. */
        public String view() {
            return header(EventHeaders.SUBJECT);
        }

        public long sequence() {
            return Long.parseLong(header(EventHeaders.SEQUENCE));
        }
    }

    private void run() {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class.getName(),
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                StringDeserializer.class.getName(),
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                LOOK_FOR_TOPIC_MILLIS);
        try (var consumer = new KafkaConsumer<String, String>(settings)) {
            var partitions = awaitTopic(consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                var polled = consumer.poll(POLL);
                var now = Instant.now();
                for (var read : polled) {
                    var event = event(read, now);
                    if (!event.header(EventHeaders.TYPE).isEmpty()) {
                        // What lacks it is no event: anybody can write to a topic.
                        events.add(event);
                    }
                }
                count.addAndGet(polled.count());
            }
        } catch (InterruptException | InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** The refresher creates the topic; until then there is nothing to read. */
    private List<TopicPartition> awaitTopic(KafkaConsumer<String, String> consumer) throws InterruptedException {
        while (true) {
            try {
                var known = consumer.listTopics().get(topic);
                if (known != null && !known.isEmpty()) {
                    return known.stream()
                            .map(partition -> new TopicPartition(topic, partition.partition()))
                            .toList();
                }
            } catch (RetriableException brokerDoesNotAnswerYet) {
                continue;
            }
            Thread.sleep(LOOK_FOR_TOPIC_MILLIS);
        }
    }

    private static Event event(ConsumerRecord<String, String> read, Instant receivedAt) {
        var headers = new HashMap<String, String>();
        read.headers().forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return new Event(read.key(), headers, read.value(), receivedAt);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
