// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.event;

import io.quarkus.runtime.ShutdownEvent;
import io.viewkeeper.schema.codec.MalformedEventException;
import io.viewkeeper.schema.codec.ReceivedEvent;
import io.viewkeeper.schema.consumer.EventOutcome;
import io.viewkeeper.schema.database.DatabaseException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The inbox for a handler that must not lose a record while PostgreSQL is away: it offers the record again until it is
 * taken, and gives up only when the service stops. What PostgreSQL can never store is malformed.
 */
@ApplicationScoped
class PatientInbox {
    private static final Logger LOG = Logger.getLogger(PatientInbox.class);

    private final RefreshInbox inbox;
    private final InboxSettings settings;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicBoolean failing = new AtomicBoolean();

    PatientInbox(RefreshInbox inbox, InboxSettings settings) {
        this.inbox = inbox;
        this.settings = settings;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.countDown();
    }

    /**
     * Empty when the service stops before the record was taken.
     *
     * @throws MalformedEventException if it holds something that PostgreSQL refuses
     */
    Optional<EventOutcome> record(ReceivedEvent received) throws InterruptedException {
        var delay = settings.retryDelay();
        do {
            try {
                var outcome = inbox.record(received);
                recovered();
                return Optional.of(outcome);
            } catch (DatabaseException refused) {
                if (isAboutTheRecord(refused)) {
                    throw new MalformedEventException("PostgreSQL refuses its content: " + refused.getMessage());
                }
                failed(refused);
            }
            delay = longer(delay);
        } while (!stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS));
        return Optional.empty();
    }

    /** Class 22 is a value that no column can hold (U+0000 in a name), class 23 one that this table must not. */
    private static boolean isAboutTheRecord(DatabaseException refused) {
        String kind = refused.sqlState().classCode();
        return kind.equals("22") || kind.equals("23");
    }

    private Duration longer(Duration delay) {
        var doubled = delay.multipliedBy(2);
        return doubled.compareTo(settings.maxRetryDelay()) < 0 ? doubled : settings.maxRetryDelay();
    }

    private void failed(DatabaseException refused) {
        if (stopping.getCount() > 0 && failing.compareAndSet(false, true)) {
            LOG.warnf(
                    "action=record-event outcome=waiting effect=\"records stay in Kafka until the database takes them\""
                            + " reason=\"%s\"",
                    refused.getMessage());
        }
    }

    private void recovered() {
        if (failing.compareAndSet(true, false)) {
            LOG.info("action=record-event outcome=recovered");
        }
    }
}
