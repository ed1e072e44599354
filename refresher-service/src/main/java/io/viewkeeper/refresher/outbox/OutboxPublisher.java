// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.outbox.PendingEvent.Lane;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends committed events in order and marks each once the broker has acknowledged it. A crash in between sends it
 * again, with the same id. One replica publishes at a time.
 *
 * <p>What failed holds back its own view's later events and no others: {@link #publish} leaves the failing lanes out,
 * {@link #retry} tries them. Not thread-safe.
 */
public final class OutboxPublisher {
    /** Records per round: bounds the transaction that holds the publishers' lock. */
    static final int BATCH = 1_000;

    // The session idles while Kafka answers; how long is bounded by the delivery timeout.
    private static final String TRY_LOCK = """
        /* viewkeeper:outbox */
        select
          pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('viewkeeper:outbox', 0)),
          pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
        """;

    private static final String PENDING = """
        /* viewkeeper:outbox */
        select
          id,
          aggregatetype,
          aggregateid,
          type,
          sequence,
          payload::text as payload,
          created_at,
          pg_catalog.current_database() as database
        from viewkeeper.event_outbox
        where published_at is null
          and aggregatetype = any ($1)
        """;

    private static final String UNPUBLISHED = PENDING + """
          and aggregatetype || '/' || aggregateid <> all ($2)
        order by position
        limit $3
        """;

    // In another order each time, so that many that fail for long do not keep back those that would succeed by now.
    private static final String FAILED_BEFORE = PENDING + """
          and aggregatetype || '/' || aggregateid = any ($2)
        order by pg_catalog.hashtextextended(aggregatetype || '/' || aggregateid, $4), position
        limit $3
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
     * @param elsewhere another replica is publishing, which may have begun before the latest events were committed
     */
    public record Round(int published, @Nullable String failure, boolean more, boolean elsewhere) {
        static final Round ELSEWHERE = new Round(0, null, false, true);
        static final Round NOTHING = new Round(0, null, false, false);
    }

    private final Database database;
    private final Function<PendingEvent, CompletableFuture<?>> sender;
    private final Duration deliveryTimeout;
    private final Set<Lane> failing = new HashSet<>();
    private long retries;

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
    public Round publish(Collection<EventTopic> topics) {
        return round(session ->
                session.query(UNPUBLISHED, OutboxPublisher::read, aggregateTypes(topics), texts(failing), BATCH));
    }

    /** Whether something failed, and waits for a {@link #retry}. */
    public boolean failing() {
        return !failing.isEmpty();
    }

    /** One round with what failed before. */
    public Round retry(Collection<EventTopic> topics) {
        if (failing.isEmpty()) {
            return Round.NOTHING;
        }
        retries++;
        Round round = round(session -> {
            List<PendingEvent> pending = session.query(
                    FAILED_BEFORE, OutboxPublisher::read, aggregateTypes(topics), texts(failing), BATCH, retries);
            if (pending.size() < BATCH) {
                failing.clear(); // Of the others another replica has published everything.
            }
            return pending;
        });
        if (round.published() > 0 && round.failure() == null) {
            failing.clear(); // Kafka is back.
        }
        return round;
    }

    private Round round(Function<Session, List<PendingEvent>> question) {
        return database.inTransaction(session -> {
            if (!session.queryOne(TRY_LOCK, row -> row.getBoolean(0))) {
                return Round.ELSEWHERE;
            }
            List<PendingEvent> pending = question.apply(session);
            var sending = new Sending(sender, deliveryTimeout);
            sending.send(pending);
            int published = sending.acknowledged().size();
            if (published > 0) {
                session.update(MARK_PUBLISHED, (Object) sending.acknowledged().toArray(UUID[]::new));
            }
            pending.forEach(event -> failing.remove(event.lane()));
            failing.addAll(sending.failing());
            boolean more = published > 0 && (pending.size() == BATCH || sending.unfinished());
            return new Round(published, sending.failure(), more, false);
        });
    }

    private static String[] aggregateTypes(Collection<EventTopic> topics) {
        return topics.stream().map(EventTopic::aggregateType).toArray(String[]::new);
    }

    private static String[] texts(Collection<Lane> lanes) {
        return lanes.stream().map(Lane::text).toArray(String[]::new);
    }

    private static PendingEvent read(Row row) {
        return new PendingEvent(
                row.getUUID("id"),
                EventTopic.of(row.getString("aggregatetype")),
                row.getString("aggregateid"),
                row.getString("type"),
                row.getLong("sequence"),
                row.getString("payload"),
                Instants.of(row, "created_at"),
                row.getString("database"));
    }
}
