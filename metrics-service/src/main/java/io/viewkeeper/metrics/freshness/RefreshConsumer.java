// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.viewkeeper.schema.codec.MalformedEventException;
import io.viewkeeper.schema.consumer.RefreshRecords;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** The refresh topic. Records come in any order and more than once. */
@ApplicationScoped
class RefreshConsumer {
    private static final Logger LOG = Logger.getLogger(RefreshConsumer.class);

    private final Freshness freshness;

    RefreshConsumer(Freshness freshness) {
        this.freshness = freshness;
    }

    @Incoming("refreshes")
    @RunOnVirtualThread
    CompletionStage<Void> consume(IncomingKafkaRecord<byte[], byte[]> record) throws InterruptedException {
        if (!freshness.awaitRebuilt()) {
            // Stopping: neither acknowledged nor refused, the next start reads it again.
            return CompletableFuture.completedStage(null);
        }
        try {
            freshness.see(RefreshRecords.read(record).event());
            return record.ack();
        } catch (MalformedEventException poison) {
            // Every process reads the topic from its beginning: PoisonConsumer tells of it, once.
            LOG.debugf(
                    "action=ignore topic=%s partition=%d offset=%d reason=\"%s\"",
                    record.getTopic(), record.getPartition(), record.getOffset(), poison.getMessage());
            return record.ack();
        }
    }
}
