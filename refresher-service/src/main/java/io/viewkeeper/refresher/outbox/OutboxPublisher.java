package io.viewkeeper.refresher.outbox;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends committed events in order and marks each once the broker has acknowledged it. A crash in between sends it
 * again, with the same id. One replica publishes at a time.
 *
 * <p>Of one view, one record is under way at any moment: an idempotent producer may still lose a record to its delivery
 * timeout while accepting the next, and a consumer would see the order reversed.
 */
public final class OutboxPublisher {
    /** Records per round: bounds the transaction that holds the publishers' lock. */
    static final int BATCH = 500;

    // The session idles while Kafka answers; how long is bounded by the delivery timeout.
    private static final String TRY_LOCK = """
        /* viewkeeper:outbox */
        select
          pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('viewkeeper:outbox', 0)),
          pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
        """;

    private static final String UNPUBLISHED = """
        /* viewkeeper:outbox */
        select
          id,
          aggregateid,
          type,
          sequence,
          payload::text as payload,
          created_at,
          pg_catalog.current_database() as database
        from viewkeeper.event_outbox
        where published_at is null
        order by position
        limit $1
        """;

    private static final String MARK_PUBLISHED = """
        /* viewkeeper:outbox */
        update viewkeeper.event_outbox
        set published_at = pg_catalog.clock_timestamp()
        where id = any ($1)
        """;

    /**
     * What a round did.
     *
     * @param published acknowledged by the broker and marked
     * @param failure why one was not; null when all were
     * @param more whether there may be further ones to publish at once
     */
    public record Round(int published, @Nullable String failure, boolean more) {
        static final Round ELSEWHERE = new Round(0, null, false);
    }

    private final Database database;
    private final Function<PendingEvent, CompletableFuture<?>> sender;
    private final Duration deliveryTimeout;

    /**
     * @param sender completes when the broker has acknowledged, or fails
     * @param deliveryTimeout when to give a record up for this round; longer than the producer's own
     */
    public OutboxPublisher(
            Database database, Function<PendingEvent, CompletableFuture<?>> sender, Duration deliveryTimeout) {
        this.database = database;
        this.sender = sender;
        this.deliveryTimeout = deliveryTimeout;
    }

    /** One round: up to {@value #BATCH} events, or none where another replica is publishing. */
    public Round publish() {
        return database.inTransaction(session -> {
            if (!session.queryOne(TRY_LOCK, row -> row.getBoolean(0))) {
                return Round.ELSEWHERE;
            }
            return publish(session);
        });
    }

    private Round publish(Session session) {
        List<PendingEvent> pending = session.query(UNPUBLISHED, OutboxPublisher::read, BATCH);
        var sent = new Sent();
        var byView = queues(pending);
        while (!byView.isEmpty()) {
            sendHeads(byView, sent);
        }
        if (!sent.ids.isEmpty()) {
            session.update(MARK_PUBLISHED, (Object) sent.ids.toArray(UUID[]::new));
        }
        return new Round(sent.ids.size(), sent.failure, pending.size() == BATCH && sent.failure == null);
    }

    private static Map<String, Queue<PendingEvent>> queues(List<PendingEvent> pending) {
        var queues = new LinkedHashMap<String, Queue<PendingEvent>>();
        for (PendingEvent event : pending) {
            queues.computeIfAbsent(event.key(), _ -> new ArrayDeque<>()).add(event);
        }
        return queues;
    }

    /** Sends the first event of every view together, then waits for each; a view whose event failed is left. */
    private void sendHeads(Map<String, Queue<PendingEvent>> byView, Sent sent) {
        var underWay = new LinkedHashMap<PendingEvent, CompletableFuture<?>>();
        byView.values().forEach(queue -> {
            PendingEvent head = queue.remove();
            underWay.put(head, sender.apply(head));
        });
        underWay.forEach((event, acknowledgement) -> {
            String failure = await(acknowledgement);
            if (failure == null) {
                sent.ids.add(event.id());
            } else {
                sent.failure = failure;
                byView.remove(event.key());
            }
        });
        byView.values().removeIf(Queue::isEmpty);
    }

    private @Nullable String await(CompletableFuture<?> acknowledgement) {
        try {
            acknowledgement.get(deliveryTimeout.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException refused) {
            Throwable cause = refused.getCause() == null ? refused : refused.getCause();
            return cause.getClass().getSimpleName() + ": " + cause.getMessage();
        } catch (TimeoutException timeout) {
            return "no acknowledgement within " + deliveryTimeout.toMillis() + " ms";
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return "interrupted while waiting for Kafka";
        }
    }

    private static PendingEvent read(Row row) {
        return new PendingEvent(
                row.getUUID("id"),
                row.getString("aggregateid"),
                row.getString("type"),
                row.getLong("sequence"),
                row.getString("payload"),
                Instants.of(row, "created_at"),
                row.getString("database"));
    }

    private static final class Sent {
        final List<UUID> ids = new ArrayList<>();

        @Nullable
        String failure;
    }
}
