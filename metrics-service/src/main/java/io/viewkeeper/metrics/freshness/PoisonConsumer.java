// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.viewkeeper.schema.codec.MalformedEventException;
import io.viewkeeper.schema.consumer.RefreshRecords;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The refresh topic once more, for records that are no events. Its group is shared by all replicas and keeps its place over
 * restarts: each of them becomes a dead letter once.
 */
@ApplicationScoped
class PoisonConsumer {
    private final RefreshRecords records;

    PoisonConsumer(RefreshRecords records) {
        this.records = records;
    }

    @Incoming("poison")
    @RunOnVirtualThread
    CompletionStage<Void> consume(IncomingKafkaRecord<byte[], byte[]> record) throws InterruptedException {
        try {
            var _ = RefreshRecords.read(record);
            return record.ack();
        } catch (MalformedEventException malformed) {
            return records.putAside(record, malformed);
        }
    }
}
