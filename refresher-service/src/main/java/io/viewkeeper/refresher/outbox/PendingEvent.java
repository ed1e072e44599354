package io.viewkeeper.refresher.outbox;

import java.time.Instant;
import java.util.UUID;

/**
 * A committed event that Kafka has not acknowledged yet.
 *
 * @param key {@code schema.view}
 * @param time when it was committed, near enough
 */
public record PendingEvent(
        UUID id, String key, String type, long sequence, String payload, Instant time, String database) {}
