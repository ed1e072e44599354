// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshEvent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads whole records: headers and payload together, as bytes, whatever the client that fetched them. */
public final class RecordReader {
    private static final String SPEC_VERSION = "1.0";

    private RecordReader() {}

    /**
     * The event in a record.
     *
     * @param headers a header's last value by its name, null where the record has none of that name
     * @param value the record's value, null for a tombstone
     * @throws MalformedEventException if it is not an event of version 1
     */
    public static ReceivedEvent read(Function<String, byte @Nullable []> headers, byte @Nullable [] value) {
        if (!required(headers, EventHeaders.SPEC_VERSION).equals(SPEC_VERSION)) {
            throw new MalformedEventException("\"" + EventHeaders.SPEC_VERSION + "\" is not " + SPEC_VERSION);
        }
        UUID id = id(required(headers, EventHeaders.ID));
        String type = required(headers, EventHeaders.TYPE);
        if (value == null) {
            throw new MalformedEventException("the record has no value");
        }
        RefreshEvent event = EventReader.read(type, text("the payload", value));
        requireSameSequence(headers, event);
        return new ReceivedEvent(id, event);
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException notAUuid) {
            throw new MalformedEventException("\"" + EventHeaders.ID + "\" is not a UUID");
        }
    }

    private static void requireSameSequence(Function<String, byte @Nullable []> headers, RefreshEvent event) {
        var header = optional(headers, EventHeaders.SEQUENCE);
        if (header.isPresent() && !header.get().equals(Long.toString(event.run().sequence()))) {
            throw new MalformedEventException(
                    "\"" + EventHeaders.SEQUENCE + "\" is not the sequence that the payload tells");
        }
    }

    private static String required(Function<String, byte @Nullable []> headers, String name) {
        return optional(headers, name)
                .orElseThrow(() -> new MalformedEventException("the header \"" + name + "\" is missing"));
    }

    private static Optional<String> optional(Function<String, byte @Nullable []> headers, String name) {
        byte[] value = headers.apply(name);
        return value == null ? Optional.empty() : Optional.of(text("\"" + name + "\"", value));
    }

    private static String text(String what, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new MalformedEventException(what + " is not UTF-8");
        }
    }
}
