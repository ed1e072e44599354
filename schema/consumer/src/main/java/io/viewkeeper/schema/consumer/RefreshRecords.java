// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.consumer;

import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.viewkeeper.schema.codec.MalformedEventException;
import io.viewkeeper.schema.codec.ReceivedEvent;
import io.viewkeeper.schema.codec.RecordReader;
import io.viewkeeper.schema.event.EventHeaders;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.header.Headers;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Records of the refresh topic: events, or dead letters. */
@Singleton
public class RefreshRecords {
    private static final Logger LOG = Logger.getLogger(RefreshRecords.class);

    private final EventMeters meters;
    private final DeadLetterTopic deadLetters;

    RefreshRecords(EventMeters meters, DeadLetterTopic deadLetters) {
        this.meters = meters;
        this.deadLetters = deadLetters;
    }

    /** @throws MalformedEventException if it is no event of version 1 */
    public static ReceivedEvent read(IncomingKafkaRecord<byte[], byte[]> record) {
        return RecordReader.read(name -> header(record.getHeaders(), name), record.getPayload());
    }

    /** Puts a record that is no event into the dead-letter topic, whose channel has a queue for them; the next ones are read. */
    public CompletionStage<Void> putAside(IncomingKafkaRecord<byte[], byte[]> record, MalformedEventException malformed)
            throws InterruptedException {
        LOG.warnf(
                "action=dead-letter topic=%s partition=%d offset=%d reason=\"%s\"",
                record.getTopic(), record.getPartition(), record.getOffset(), malformed.getMessage());
        meters.event(type(record.getHeaders()), EventOutcome.DEAD_LETTER);
        deadLetters.ensure();
        return record.nack(malformed);
    }

    private static String type(Headers headers) {
        byte[] type = header(headers, EventHeaders.TYPE);
        return type == null ? "" : new String(type, StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] header(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }
}
