// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.viewkeeper.refresher.loop.RefreshLoop;
import io.viewkeeper.refresher.queue.Heartbeat;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.loop.Loop;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A refresher driven by hand: own pool, least privilege, a clock that a test sets. */
public final class Replica implements AutoCloseable {
    private static final Vertx VERTX = Vertx.vertx();
    private final String instance;
    private final Pool pool;
    private final Database database;
    private final Heartbeat heartbeat;
    private final Loop turns;
    private final RefreshLoop loop;
    private final AtomicReference<Instant> now;
    private final List<RefreshOutcome> outcomes = new CopyOnWriteArrayList<>();

    /** So that no replica is ever taken for dead, however long the machine pauses: for tests in which none dies. */
    private static final Duration NOBODY_DIES = Duration.ofHours(1);

    /** How a replica differs from the usual. */
    private record Traits(int parallelism, Duration beat, Consumer<RefreshOutcome> listener) {
        static final Traits USUAL = new Traits(4, Heartbeat.PERIOD);

        Traits(int parallelism, Duration beat) {
            this(parallelism, beat, _ -> {});
        }
    }

    public Replica(SandboxDatabase where, Settings settings) {
        this(where, settings, "replica");
    }

    public Replica(SandboxDatabase where, Settings settings, String instance) {
        this(
                pool(options(where, Role.REFRESHER, instance)),
                settings,
                instance,
                new AtomicReference<>(Instant.now()),
                Traits.USUAL);
    }

    /**
     * One that no other takes for dead, nor it any other.
     *
     * @param now a clock that several replicas may share
     */
    public Replica(SandboxDatabase where, Settings settings, String instance, AtomicReference<Instant> now) {
        this(pool(options(where, Role.REFRESHER, instance)), settings, instance, now, new Traits(4, NOBODY_DIES));
    }

    private Replica(Pool pool, Settings settings, String instance, AtomicReference<Instant> now, Traits traits) {
        this.now = now;
        this.instance = instance;
        this.pool = pool;
        database = new Database(pool, Await.PATIENCE);
        var limits = new Loop.Limits(Await.PATIENCE, Await.PATIENCE);
        heartbeat = new Heartbeat(database, instance, traits.beat(), new Loop("heartbeat", limits));
        turns = new Loop("refresh", limits);
        loop = new RefreshLoop(
                database,
                new Policies(settings.config()),
                new RefreshLoop.Rhythm(
                        traits.parallelism(), Duration.ZERO, settings.config().load(), now::get),
                heartbeat,
                turns,
                outcome -> {
                    outcomes.add(outcome);
                    traits.listener().accept(outcome);
                });
    }

    /** As with {@code quarkus.datasource.reactive.postgresql.use-layer-7-proxy}. */
    public static Replica throughPooler(SandboxDatabase where, Settings settings, String instance) {
        var pool = pool(options(where, Role.REFRESHER, instance).setUseLayer7Proxy(true));
        return new Replica(pool, settings, instance, new AtomicReference<>(Instant.now()), new Traits(4, NOBODY_DIES));
    }

    /** Its refreshes, one after the other. */
    public static Replica oneAtATime(SandboxDatabase where, Settings settings) {
        return oneAtATime(where, settings, _ -> {});
    }

    /** The same, told of each. */
    public static Replica oneAtATime(SandboxDatabase where, Settings settings, Consumer<RefreshOutcome> listener) {
        var pool = pool(options(where, Role.REFRESHER, "replica"));
        return new Replica(
                pool,
                settings,
                "replica",
                new AtomicReference<>(Instant.now()),
                new Traits(1, Heartbeat.PERIOD, listener));
    }

    public static Pool pool(SandboxDatabase where, Role role) {
        return pool(options(where, role, "test"));
    }

    private static PgConnectOptions options(SandboxDatabase where, Role role, String applicationName) {
        return new PgConnectOptions()
                .setHost(where.host())
                .setPort(where.port())
                .setDatabase(where.name())
                .setUser(role.roleName())
                .setPassword(where.password())
                .addProperty("application_name", applicationName);
    }

    private static Pool pool(PgConnectOptions options) {
        return PgBuilder.pool()
                .with(new PoolOptions()
                        .setMaxSize(10)
                        .setConnectionTimeout((int) Await.PATIENCE.toSeconds())
                        .setConnectionTimeoutUnit(TimeUnit.SECONDS))
                .connectingTo(options)
                .using(VERTX)
                .build();
    }

    /** A turn, and everything that it set off. */
    public List<RefreshOutcome> turn() {
        outcomes.clear();
        begin();
        return end();
    }

    /** A turn; its refreshes go on. Throws the first that a step of it has thrown. */
    public void begin() {
        loop.turn();
        turns.failures().values().stream().findFirst().ifPresent(failure -> {
            throw failure;
        });
    }

    /** When everything that turns set off has ended: how. */
    public List<RefreshOutcome> end() {
        if (!loop.awaitIdle(Await.PATIENCE)) {
            throw new AssertionError("refreshes still run after " + Await.PATIENCE);
        }
        return List.copyOf(outcomes);
    }

    /** Lets time pass. */
    public void advance(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    public Database database() {
        return database;
    }

    /** As a process that is killed: nothing that it was doing is ended in order, and its sessions are gone. */
    public void die(SandboxDatabase where) throws SQLException {
        loop.stop();
        heartbeat.stop();
        var _ = pool.close();
        where.execute(
                Role.SUPERUSER,
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = '"
                        + instance + "'");
    }

    /** An orderly stop that cancels what does not end in time; tells how many. */
    public int stop(Duration grace) {
        loop.stop();
        return loop.finish(grace);
    }

    @Override
    public void close() {
        loop.stop();
        end();
        heartbeat.stop();
        var _ = pool.close();
    }
}
