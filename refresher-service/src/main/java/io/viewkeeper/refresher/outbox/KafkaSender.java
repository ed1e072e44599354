package io.viewkeeper.refresher.outbox;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.viewkeeper.schema.codec.Timestamps;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshFailed;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Hands one event to Kafka as CloudEvents 1.0 in binary mode: attributes are headers, the value is the stored text. */
@Singleton
public class KafkaSender {
    private final MutinyEmitter<String> emitter;
    private final String cluster;

    KafkaSender(
            @Channel("refresh-events")
                    @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 2L * OutboxPublisher.BATCH)
                    MutinyEmitter<String> emitter,
            @ConfigProperty(name = "viewkeeper.cluster") String cluster) {
        this.emitter = emitter;
        this.cluster = cluster;
    }

    /** Completes when all in-sync replicas have the record; fails when they have not in time. */
    public CompletableFuture<?> send(PendingEvent event) {
        var metadata = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(event.key())
                .withHeaders(headers(event))
                .build();
        return emitter.sendMessage(Message.of(event.payload()).addMetadata(metadata))
                .subscribeAsCompletionStage();
    }

    private RecordHeaders headers(PendingEvent event) {
        var headers = new RecordHeaders();
        add(headers, EventHeaders.SPEC_VERSION, "1.0");
        add(headers, EventHeaders.ID, event.id().toString());
        add(headers, EventHeaders.SOURCE, "/viewkeeper/" + cluster + "/" + event.database());
        add(headers, EventHeaders.TYPE, event.type());
        add(headers, EventHeaders.SUBJECT, event.key());
        add(headers, EventHeaders.TIME, Timestamps.format(event.time()));
        add(headers, EventHeaders.DATA_SCHEMA, dataSchema(event.type()));
        add(headers, EventHeaders.SEQUENCE, Long.toString(event.sequence()));
        add(headers, EventHeaders.CONTENT_TYPE, "application/json");
        return headers;
    }

    private static String dataSchema(String type) {
        return switch (type) {
            case RefreshCompleted.TYPE -> RefreshCompleted.DATA_SCHEMA;
            case RefreshFailed.TYPE -> RefreshFailed.DATA_SCHEMA;
            default -> throw new IllegalStateException("an event of unknown type in the outbox: " + type);
        };
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
