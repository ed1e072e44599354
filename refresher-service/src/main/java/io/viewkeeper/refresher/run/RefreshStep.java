// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.database.Isolation;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a view is refreshed: what is particular to a method. What all have in common (limits, locks, age, record) is the
 * {@link Refresher}'s.
 */
public sealed interface RefreshStep {
    /** Every statement that does the work begins so: whoever looks at the backend sees that it is at it. */
    String MARK = "/* viewkeeper:refresh-step */";

    RefreshMethod method();

    /** What the transaction of a view that is refreshed alone needs. */
    default Isolation isolation() {
        return Isolation.READ_COMMITTED;
    }

    /** The work, with the view locked against other refreshes. */
    void work(Session session, ViewName view, Duration patience);

    /**
     * What it wrote, by the transaction's own statistics of the view; null where they do not tell.
     *
     * @param before what the transaction had written to the view before the work
     * @param after how the view's row of statistics is now
     */
    Measured.@Nullable Rows written(Measured.Rows before, Row after);

    /** @throws IllegalArgumentException if there is none for the method */
    static RefreshStep of(RefreshMethod method) {
        return Stream.<RefreshStep>of(new Concurrent(), new Plain())
                .filter(step -> step.method().equals(method))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no step refreshes a view by " + method.wireName()));
    }

    /** {@code REFRESH MATERIALIZED VIEW CONCURRENTLY}: readers go on. */
    record Concurrent() implements RefreshStep {
        @Override
        public RefreshMethod method() {
            return RefreshMethod.CONCURRENT;
        }

        @Override
        public void work(Session session, ViewName view, Duration patience) {
            session.command(MARK + " refresh materialized view concurrently " + view.quoted(), patience);
        }

        @Override
        public Measured.@Nullable Rows written(Measured.Rows before, Row after) {
            return after.getBoolean("counted") ? Measured.Rows.of(after).since(before) : null;
        }
    }

    /** {@code REFRESH MATERIALIZED VIEW}: readers wait. It writes a new heap, which no statistics of the view count. */
    record Plain() implements RefreshStep {
        @Override
        public RefreshMethod method() {
            return RefreshMethod.PLAIN;
        }

        @Override
        public void work(Session session, ViewName view, Duration patience) {
            session.command(MARK + " refresh materialized view " + view.quoted(), patience);
        }

        @Override
        public Measured.@Nullable Rows written(Measured.Rows before, Row after) {
            return null;
        }
    }
}
