// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends records as the publisher's sender does. */
public final class Acknowledged {

    private Acknowledged() {}

    /** Completes when the broker has acknowledged the record, exceptionally when it has not taken it. */
    public static CompletableFuture<Void> send(
            Producer<String, String> producer, ProducerRecord<String, String> record) {
        var acknowledged = new CompletableFuture<Void>();
        var _ = producer.send(record, (_, failure) -> {
            if (failure == null) {
                acknowledged.complete(null);
            } else {
                acknowledged.completeExceptionally(failure);
            }
        });
        return acknowledged;
    }
}
