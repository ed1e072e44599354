// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.event;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.viewkeeper.schema.codec.MalformedEventException;
import io.viewkeeper.schema.consumer.EventMeters;
import io.viewkeeper.schema.consumer.RefreshRecords;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The refresh topic. Records come in any order and more than once. */
@ApplicationScoped
class RefreshConsumer {
    private final PatientInbox inbox;
    private final EventMeters meters;
    private final RefreshRecords records;

    RefreshConsumer(PatientInbox inbox, EventMeters meters, RefreshRecords records) {
        this.inbox = inbox;
        this.meters = meters;
        this.records = records;
    }

    @Incoming("refreshes")
    @RunOnVirtualThread
    CompletionStage<Void> consume(IncomingKafkaRecord<byte[], byte[]> record) throws InterruptedException {
        try {
            var received = RefreshRecords.read(record);
            var outcome = inbox.record(received);
            if (outcome.isEmpty()) {
                // Stopping: neither acknowledged nor refused, whoever gets the partition next reads it again.
                return CompletableFuture.completedStage(null);
            }
            meters.event(received.event().type(), outcome.get());
            return record.ack();
        } catch (MalformedEventException malformed) {
            return records.putAside(record, malformed);
        }
    }
}
