// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.viewkeeper.schema.codec.Timestamps;
import io.viewkeeper.schema.event.EventHeaders;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.Topics;
import io.viewkeeper.schema.event.ViewState;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Hands one event to Kafka as CloudEvents 1.0 in binary mode: attributes are headers, the value is the stored text. */
@Singleton
public class KafkaSender {
    private final MutinyEmitter<Record<String, String>> emitter;
    private final String cluster;
    private final String prefix;

    KafkaSender(
            @Channel("refresh-events")
                    @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 2L * OutboxPublisher.BATCH)
                    MutinyEmitter<Record<String, String>> emitter,
            @ConfigProperty(name = "viewkeeper.cluster") String cluster,
            @ConfigProperty(name = "viewkeeper.topic-prefix") String prefix) {
        this.emitter = emitter;
        this.cluster = cluster;
        this.prefix = prefix;
    }

    /** Completes when all in-sync replicas have the record; fails when they have not in time. */
    public CompletableFuture<?> send(PendingEvent event) {
        Optional<String> dataSchema = dataSchema(event.type());
        if (dataSchema.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("an event of unknown type in the outbox: " + event.type()));
        }
        var metadata = OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(event.topic().name(prefix))
                .withHeaders(headers(event, dataSchema.get()))
                .build();
        return emitter.sendMessage(
                        Message.of(Record.of(Topics.key(cluster, event.database(), event.view()), event.payload()))
                                .addMetadata(metadata))
                .subscribeAsCompletionStage();
    }

    private RecordHeaders headers(PendingEvent event, String dataSchema) {
        var headers = new RecordHeaders();
        add(headers, EventHeaders.SPEC_VERSION, "1.0");
        add(headers, EventHeaders.ID, event.id().toString());
        add(headers, EventHeaders.SOURCE, "/viewkeeper/" + cluster + "/" + event.database());
        add(headers, EventHeaders.TYPE, event.type());
        add(headers, EventHeaders.SUBJECT, event.view());
        add(headers, EventHeaders.TIME, Timestamps.format(event.time()));
        add(headers, EventHeaders.DATA_SCHEMA, dataSchema);
        add(headers, EventHeaders.SEQUENCE, Long.toString(event.sequence()));
        add(headers, EventHeaders.CONTENT_TYPE, "application/json");
        return headers;
    }

    private static Optional<String> dataSchema(String type) {
        return switch (type) {
            case RefreshCompleted.TYPE -> Optional.of(RefreshCompleted.DATA_SCHEMA);
            case RefreshFailed.TYPE -> Optional.of(RefreshFailed.DATA_SCHEMA);
            case ViewState.TYPE -> Optional.of(ViewState.DATA_SCHEMA);
            default -> Optional.empty();
        };
    }

    private static void add(RecordHeaders headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
