// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshCompleted;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordReaderTest {
    private static final UUID ID = UUID.fromString("018f3a5e-0000-7000-8000-000000000002");

    @Test
    void readsAnEventWithItsId() {
        assertThat(read(headers(), bytes(EventWriter.json(Samples.completed()))))
                .isEqualTo(new ReceivedEvent(ID, Samples.completed()));
    }

    @ParameterizedTest
    @CsvSource({
        "ce_specversion, 2.0",
        "ce_id, not-a-uuid",
        "ce_type, io.viewkeeper.refresh-completed.v2",
        "ce_type, io.viewkeeper.refresh-failed.v1",
        "ce_sequence, 41",
        "ce_specversion,",
        "ce_id,",
        "ce_type,"
    })
    void refusesAHeaderThatIsMissingOrWrong(String header, @Nullable String value) {
        var headers = headers();
        if (value == null) {
            headers.remove(header);
        } else {
            headers.put(header, value);
        }
        assertThatThrownBy(() -> read(headers, bytes(EventWriter.json(Samples.completed()))))
                .isInstanceOf(MalformedEventException.class);
    }

    @Test
    void refusesATombstone() {
        assertThatThrownBy(() -> read(headers(), null)).isInstanceOf(MalformedEventException.class);
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        assertThatThrownBy(() -> read(headers(), new byte[] {'{', (byte) 0xff, '}'}))
                .isInstanceOf(MalformedEventException.class)
                .hasMessage("the payload is not UTF-8");
    }

    @Test
    void refusesAYearThatNoTimestampOfPostgresqlHolds() {
        String payload = EventWriter.json(Samples.completed()).replace("2026-11-22T09:05", "+999999-11-22T09:05");
        assertThatThrownBy(() -> read(headers(), bytes(payload))).isInstanceOf(MalformedEventException.class);
    }

    private static ReceivedEvent read(Map<String, String> headers, byte @Nullable [] value) {
        return RecordReader.read(
                name -> {
                    String header = headers.get(name);
                    return header == null ? null : bytes(header);
                },
                value);
    }

    private static Map<String, String> headers() {
        var headers = new HashMap<String, String>();
        headers.put(EventHeaders.SPEC_VERSION, "1.0");
        headers.put(EventHeaders.ID, ID.toString());
        headers.put(EventHeaders.TYPE, RefreshCompleted.TYPE);
        headers.put(EventHeaders.SEQUENCE, "42");
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
