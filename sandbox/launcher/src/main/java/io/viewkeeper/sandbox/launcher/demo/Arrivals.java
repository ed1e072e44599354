// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import io.viewkeeper.sandbox.claims.GeneratorOptions;
import io.viewkeeper.sandbox.claims.Trickle;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Lets claims arrive and be decided once a second, in a thread of its own, so that the views keep changing. */
final class Arrivals implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final SandboxDatabase database;
    private final Trickle trickle;
    private final Thread thread;
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong processed = new AtomicLong();
    private volatile @Nullable String trouble;

    private Arrivals(SandboxDatabase database, GeneratorOptions options) {
        this.database = database;
        trickle = new Trickle(options, Clock.systemUTC());
        thread = Thread.ofPlatform().daemon().name("arrivals").unstarted(this::run);
    }

    /** Continues the sample that was loaded with these options. */
    static Arrivals start(SandboxDatabase database, GeneratorOptions options) {
        var arrivals = new Arrivals(database, options);
        arrivals.thread.start();
        return arrivals;
    }

    /** For people: what has happened so far. */
    String describe() {
        var failure = trouble;
        return failure == null
                ? "%,d claims have arrived since, %,d were decided".formatted(arrived.get(), processed.get())
                : "no more claims arrive: " + failure;
    }

    private void run() {
        try (var connection = database.connect(Role.OWNER)) {
            while (true) {
                var tick = trickle.tick(connection);
                arrived.addAndGet(tick.arrived());
                processed.addAndGet(tick.processed());
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException e) {
            trouble = e.toString();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
