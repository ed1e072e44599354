// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.loop;

import io.viewkeeper.refresher.change.Causes;
import io.viewkeeper.refresher.change.Changes;
import io.viewkeeper.refresher.register.Census;
import io.viewkeeper.refresher.register.Circles;
import io.viewkeeper.refresher.register.ViewRegister;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.loop.Loop;
import java.time.Duration;
import java.time.Instant;

/** The search of the catalog, now and then: which views there are, and what others have done to them. */
final class Discovery {
    /** A search is followed by a rest of this many times its duration: it takes a fiftieth at most. */
    private static final int REST = 49;

    private final Database database;
    private final ViewRegister register;
    private final Changes changes;
    private final Duration interval;
    private volatile long nextNanos = System.nanoTime();

    /** @param interval zero: at each turn */
    Discovery(Database database, ViewRegister register, Duration interval) {
        this.database = database;
        this.register = register;
        this.changes = new Changes(database);
        this.interval = interval;
    }

    /** By this process's own clock, and whatever comes of it: one that fails is not repeated at once. */
    void search(Loop.Turn turn, Instant now) {
        long began = System.nanoTime();
        if (began - nextNanos < 0) {
            return;
        }
        try {
            turn.step("register", () -> register.synchronise(now));
            turn.step("changes", () -> changes.look(now));
            turn.step("causes", () -> Causes.look(database, now));
        } finally {
            long ended = System.nanoTime();
            nextNanos = ended + Math.max(interval.toNanos(), interval.isZero() ? 0 : REST * (ended - began));
        }
    }

    /** Views that were too empty to be read may be refreshed now. */
    void isDue() {
        nextNanos = System.nanoTime();
    }

    /** As of the last search. */
    Census census() {
        return register.census();
    }

    /** As of the last search. */
    Circles circles() {
        return register.circles();
    }
}
