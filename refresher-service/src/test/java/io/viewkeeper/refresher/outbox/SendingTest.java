// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SendingTest {
    private static final int LANES = 400;
    private static final long MILLIS_EACH = 50;

    private static PendingEvent event(int lane) {
        return new PendingEvent(
                UUID.randomUUID(), EventTopic.REFRESH, "sales.v" + lane, "some.type", 1, "{}", Instant.EPOCH, "shop");
    }

    /** A producer that knows no broker blocks for max.block.ms at each record, on one thread. */
    @Test
    void lanesThatFailOneAfterTheOtherDoNotHoldTheRoundForLonger() {
        List<PendingEvent> events =
                IntStream.range(0, LANES).mapToObj(SendingTest::event).toList();
        try (var producer = Executors.newSingleThreadScheduledExecutor()) {
            var sending = new Sending(
                    event -> {
                        var refused = new CompletableFuture<Void>();
                        var _ = producer.schedule(
                                () -> refused.completeExceptionally(new IllegalStateException("no broker")),
                                MILLIS_EACH * (events.indexOf(event) + 1),
                                TimeUnit.MILLISECONDS);
                        return refused;
                    },
                    Duration.ofMillis(4 * MILLIS_EACH));
            sending.send(events);
            assertThat(producer.shutdownNow()).as("not waited for").isNotEmpty();
            assertThat(sending.failing()).hasSize(LANES);
            assertThat(sending.acknowledged()).isEmpty();
            assertThat(sending.failure()).isNotNull();
        }
    }
}
