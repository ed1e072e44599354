package io.viewkeeper.refresher.outbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A committed event that Kafka has not acknowledged yet.
 *
 * @param key {@code schema.view}
 * @param payload null is a tombstone
 * @param time when it was committed, near enough
 */
public record PendingEvent(
        UUID id,
        EventTopic topic,
        String key,
        String type,
        long sequence,
        @Nullable String payload,
        Instant time,
        String database) {

    /** What orders it: events of one lane are sent one after the other. */
    Lane lane() {
        return new Lane(topic, key);
    }

    /** A key of a topic. */
    record Lane(EventTopic topic, String key) {
        /** As the statements of the publisher compare it. */
        String text() {
            return topic.aggregateType() + "/" + key;
        }
    }
}
