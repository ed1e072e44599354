// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import io.viewkeeper.refresher.outbox.PendingEvent.Lane;
import io.viewkeeper.schema.log.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sending of one round. All lanes go on together, each at its own pace; of one lane, one record is under way at any
 * moment: an idempotent producer may still lose a record to its delivery timeout while accepting the next, and a consumer
 * would see the order reversed.
 */
final class Sending {
    /** After this nothing more is begun, so that what was acknowledged is marked soon. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private record Ended(PendingEvent event, @Nullable Throwable failure) {}

    private final Function<PendingEvent, CompletableFuture<?>> sender;
    private final Duration patience;
    private final Map<Lane, Queue<PendingEvent>> waiting = new LinkedHashMap<>();
    private final Set<Lane> underWay = new LinkedHashSet<>();
    private final LinkedBlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

    private final List<UUID> acknowledged = new ArrayList<>();
    private final Set<Lane> failing = new LinkedHashSet<>();
    private @Nullable String failure;
    private boolean unfinished;

    Sending(Function<PendingEvent, CompletableFuture<?>> sender, Duration patience) {
        this.sender = sender;
        this.patience = patience;
    }

    void send(List<PendingEvent> events) {
        for (PendingEvent event : events) {
            waiting.computeIfAbsent(event.lane(), _ -> new ArrayDeque<>()).add(event);
        }
        long start = System.nanoTime();
        long quietSince = start;
        waiting.keySet().forEach(this::begin);
        while (!underWay.isEmpty()) {
            Ended end = next(quietSince);
            if (end == null) {
                failing.addAll(underWay);
                return;
            }
            Lane lane = end.event().lane();
            underWay.remove(lane);
            if (end.failure() != null) {
                failing.add(lane);
                failure = Reason.ofInnermost(end.failure()); // The connector wraps what the client says.
                continue;
            }
            acknowledged.add(end.event().id());
            quietSince = System.nanoTime();
            if (quietSince - start < LONGEST.toNanos()) {
                begin(lane);
            } else {
                unfinished = true;
            }
        }
    }

    private void begin(Lane lane) {
        Queue<PendingEvent> queue = waiting.get(lane);
        PendingEvent event = queue == null ? null : queue.poll();
        if (event != null) {
            underWay.add(lane);
            var _ = sender.apply(event).whenComplete((_, refusal) -> ended.add(new Ended(event, refusal)));
        }
    }

    /** Failures do not renew the patience: without a broker, a producer may let one lane after the other fail, for minutes. */
    private @Nullable Ended next(long quietSince) {
        try {
            Ended end = ended.poll(patience.toNanos() - (System.nanoTime() - quietSince), TimeUnit.NANOSECONDS);
            if (end == null) {
                failure = "no acknowledgement within " + patience.toMillis() + " ms";
            }
            return end;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            failure = "interrupted while waiting for Kafka";
            return null;
        }
    }

    List<UUID> acknowledged() {
        return acknowledged;
    }

    /** Lanes whose first event that was not acknowledged may be sent again, later. */
    Set<Lane> failing() {
        return failing;
    }

    /** Why one was not acknowledged; null when none failed. */
    @Nullable
    String failure() {
        return failure;
    }

    /** The time was up before everything was begun. */
    boolean unfinished() {
        return unfinished;
    }
}
