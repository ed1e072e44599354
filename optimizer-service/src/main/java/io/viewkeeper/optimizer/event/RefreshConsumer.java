package io.viewkeeper.optimizer.event;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.viewkeeper.schema.codec.MalformedEventException;
import io.viewkeeper.schema.codec.RecordReader;
import io.viewkeeper.schema.event.EventHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The refresh topic. Records come in any order and more than once. */
@ApplicationScoped
class RefreshConsumer {
    private static final Logger LOG = Logger.getLogger(RefreshConsumer.class);

    private final PatientInbox inbox;
    private final EventMeters meters;
    private final DeadLetterTopic deadLetters;

    RefreshConsumer(PatientInbox inbox, EventMeters meters, DeadLetterTopic deadLetters) {
        this.inbox = inbox;
        this.meters = meters;
        this.deadLetters = deadLetters;
    }

    @Incoming("refreshes")
    @RunOnVirtualThread
    CompletionStage<Void> consume(IncomingKafkaRecord<byte[], byte[]> record) throws InterruptedException {
        try {
            var received = RecordReader.read(name -> header(record.getHeaders(), name), record.getPayload());
            var outcome = inbox.record(received);
            if (outcome.isEmpty()) {
                // Stopping: neither acknowledged nor refused, whoever gets the partition next reads it again.
                return CompletableFuture.completedStage(null);
            }
            meters.event(received.event().type(), outcome.get());
            return record.ack();
        } catch (MalformedEventException malformed) {
            LOG.warnf(
                    "action=dead-letter topic=%s partition=%d offset=%d reason=\"%s\"",
                    record.getTopic(), record.getPartition(), record.getOffset(), malformed.getMessage());
            meters.event(type(record.getHeaders()), InboxOutcome.DEAD_LETTER);
            deadLetters.ensure();
            return record.nack(malformed);
        }
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
