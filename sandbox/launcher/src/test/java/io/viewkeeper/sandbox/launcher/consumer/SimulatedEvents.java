// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.consumer;

import io.viewkeeper.schema.codec.Timestamps;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.Topics;
import io.viewkeeper.schema.event.ViewState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The topics of an invented hour: what was sent in its order, some of it more than once. */
final class SimulatedEvents {
    static final String PREFIX = "captured";

    private static final byte[] GARBAGE = {(byte) 0xff, 0, 0x7b, (byte) 0xc3};

    private final Random random;
    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    private final Map<String, List<ProducerRecord<byte[], byte[]>>> byLane = new HashMap<>();
    private Instant now = Instant.parse("2026-11-22T09:00:00.000123Z");

    SimulatedEvents(Random random) {
        this.random = random;
    }

    /**
     * The attributes of an event.
     *
     * @param sequence of its view and topic
     */
    record Attributes(String database, String key, String type, String dataSchema, long sequence) {
        boolean ofState() {
            return dataSchema.equals(ViewState.DATA_SCHEMA);
        }

        String lane() {
            return database + "/" + key + "/" + ofState();
        }
    }

    List<ProducerRecord<byte[], byte[]>> sent() {
        return List.copyOf(sent);
    }

    /** Later than before, by up to a second or so. */
    Instant tick() {
        now = now.plusNanos(1_000L * (1 + random.nextInt(1_200_000)));
        return now;
    }

    UUID uuid() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    long number(int bound) {
        return random.nextInt(bound);
    }

    /** Sends an event, and by chance older ones of the same view again. The value is null for a tombstone. */
    String send(Attributes attributes, @Nullable String json) {
        // A field that a later version may add.
        var value = json == null || random.nextInt(8) != 0 ? json : "{\"addedLater\":{\"oid\":1}," + json.substring(1);
        return send(attributes, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends what looks like an event and cannot be read. */
    String sendUnreadable(Attributes attributes) {
        return switch (random.nextInt(3)) {
            case 0 -> send(attributes, GARBAGE);
            case 1 -> send(attributes, "{\"view\":null}".getBytes(StandardCharsets.UTF_8));
            default -> send(attributes, new byte[0]);
        };
    }

    private String send(Attributes attributes, byte @Nullable [] value) {
        var headers = headers(attributes);
        var record = record(
                attributes.ofState(),
                Topics.key("sandbox", attributes.database(), attributes.key()).getBytes(StandardCharsets.UTF_8),
                headers,
                value);
        var lane = byLane.computeIfAbsent(attributes.lane(), any -> new ArrayList<>());
        lane.add(record);
        sent.add(record);
        if (random.nextInt(4) == 0) {
            // A crash before the acknowledgement was noted: they are sent again, in order.
            sent.addAll(lane.subList(Math.max(0, lane.size() - 1 - random.nextInt(4)), lane.size()));
        }
        if (random.nextInt(8) == 0) {
            // A publisher that was thought dead.
            sent.add(lane.get(Math.max(0, lane.size() - 1 - random.nextInt(6))));
        }
        return Objects.requireNonNull(headers.get(EventHeaders.ID));
    }

    private static ProducerRecord<byte[], byte[]> record(
            boolean ofState, byte @Nullable [] key, Map<String, String> headers, byte @Nullable [] value) {
        var record = new ProducerRecord<byte[], byte[]>(
                ofState ? Topics.viewState(PREFIX) : Topics.refresh(PREFIX), key, value);
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private Map<String, String> headers(Attributes attributes) {
        var headers = new LinkedHashMap<String, String>();
        headers.put(EventHeaders.SPEC_VERSION, "1.0");
        headers.put(EventHeaders.ID, uuid().toString());
        headers.put(EventHeaders.SOURCE, source(attributes.database()));
        headers.put(EventHeaders.TYPE, attributes.type());
        headers.put(EventHeaders.SUBJECT, attributes.key());
        headers.put(EventHeaders.TIME, Timestamps.format(tick()));
        headers.put(EventHeaders.DATA_SCHEMA, attributes.dataSchema());
        headers.put(EventHeaders.SEQUENCE, Long.toString(attributes.sequence()));
        headers.put(EventHeaders.CONTENT_TYPE, "application/json");
        return Map.copyOf(headers);
    }

    static String source(String database) {
        return "/viewkeeper/sandbox/" + database;
    }

    /** Sends all of a view and topic again that were ever sent. */
    void redeliver(Attributes attributes) {
        sent.addAll(byLane.getOrDefault(attributes.lane(), List.of()));
    }

    /** What is there is not sent again: the database that would send it knows nothing of it. */
    void forgetAll(String database) {
        byLane.keySet().removeIf(lane -> lane.startsWith(database + "/"));
    }

    /** What somebody else has written to the topics. */
    void noise() {
        boolean state = random.nextBoolean();
        sent.add(
                switch (random.nextInt(3)) {
                    case 0 -> record(state, null, Map.of(), GARBAGE);
                    case 1 -> record(state, GARBAGE, Map.of(EventHeaders.TYPE, "com.example.other"), null);
                    // Ours by its type, and not to be told of which view.
                    default ->
                        record(
                                state,
                                null,
                                Map.of(EventHeaders.ID, "x", EventHeaders.TYPE, "io.viewkeeper.view-state.v1"),
                                null);
                });
    }
}
