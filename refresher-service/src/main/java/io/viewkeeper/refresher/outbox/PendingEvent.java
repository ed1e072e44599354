// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A committed event that Kafka has not acknowledged yet.
 *
 * @param view {@code schema.view}
 * @param payload null is a tombstone
 * @param time when it was committed, near enough
 */
public record PendingEvent(
        UUID id,
        EventTopic topic,
        String view,
        String type,
        long sequence,
        @Nullable String payload,
        Instant time,
        String database) {

    /** What orders it: events of one lane are sent one after the other. */
    Lane lane() {
        return new Lane(topic, view);
    }

    /** A view on a topic. */
    record Lane(EventTopic topic, String view) {
        /** As the statements of the publisher compare it. */
        String text() {
            return topic.aggregateType() + "/" + view;
        }
    }
}
