package io.viewkeeper.metrics.freshness;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.viewkeeper.schema.codec.MalformedEventException;
import io.viewkeeper.schema.codec.RecordReader;
import io.viewkeeper.schema.event.EventHeaders;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The refresh topic once more, for records that are no events. Its group is shared by all replicas and keeps its place over
 * restarts: each of them becomes a dead letter once.
 */
@ApplicationScoped
class PoisonConsumer {
    private static final Logger LOG = Logger.getLogger(PoisonConsumer.class);

    private final RunMeters meters;
    private final DeadLetterTopic deadLetters;

    PoisonConsumer(RunMeters meters, DeadLetterTopic deadLetters) {
        this.meters = meters;
        this.deadLetters = deadLetters;
    }

    @Incoming("poison")
    @RunOnVirtualThread
    CompletionStage<Void> consume(IncomingKafkaRecord<byte[], byte[]> record) throws InterruptedException {
        try {
            var _ = RecordReader.read(name -> header(record.getHeaders(), name), record.getPayload());
            return record.ack();
        } catch (MalformedEventException malformed) {
            LOG.warnf(
                    "action=dead-letter topic=%s partition=%d offset=%d reason=\"%s\"",
                    record.getTopic(), record.getPartition(), record.getOffset(), malformed.getMessage());
            meters.event(type(record.getHeaders()), EventOutcome.DEAD_LETTER);
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
