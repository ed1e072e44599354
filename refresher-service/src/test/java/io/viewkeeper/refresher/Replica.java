package io.viewkeeper.refresher;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.viewkeeper.refresher.loop.RefreshLoop;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A refresher driven by hand: own pool, least privilege, a clock that a test sets. */
public final class Replica implements AutoCloseable {
    private static final Vertx VERTX = Vertx.vertx();
    private final String instance;
    private final Pool pool;
    private final Database database;
    private final RefreshLoop loop;
    private final AtomicReference<Instant> now;
    private final List<RefreshOutcome> outcomes = new CopyOnWriteArrayList<>();

    public Replica(SandboxDatabase where, Settings settings) {
        this(where, settings, "replica");
    }

    public Replica(SandboxDatabase where, Settings settings, String instance) {
        this(where, settings, instance, new AtomicReference<>(Instant.now()));
    }

    /** @param now a clock that several replicas may share */
    public Replica(SandboxDatabase where, Settings settings, String instance, AtomicReference<Instant> now) {
        this(pool(options(where, Role.REFRESHER, instance)), settings, instance, now, 4);
    }

    private Replica(Pool pool, Settings settings, String instance, AtomicReference<Instant> now, int parallelism) {
        this.now = now;
        this.instance = instance;
        this.pool = pool;
        database = new Database(pool, Await.PATIENCE);
        loop = new RefreshLoop(
                database,
                new Policies(settings.config()),
                new RefreshLoop.Rhythm(
                        parallelism, Duration.ZERO, settings.config().load(), now::get),
                instance,
                outcomes::add);
    }

    /** As with {@code quarkus.datasource.reactive.postgresql.use-layer-7-proxy}. */
    public static Replica throughPooler(SandboxDatabase where, Settings settings, String instance) {
        var pool = pool(options(where, Role.REFRESHER, instance).setUseLayer7Proxy(true));
        return new Replica(pool, settings, instance, new AtomicReference<>(Instant.now()), 4);
    }

    /** Its refreshes, one after the other. */
    public static Replica oneAtATime(SandboxDatabase where, Settings settings) {
        var pool = pool(options(where, Role.REFRESHER, "replica"));
        return new Replica(pool, settings, "replica", new AtomicReference<>(Instant.now()), 1);
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

    /** A turn; its refreshes go on. */
    public void begin() {
        loop.turn();
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
        var _ = pool.close();
    }
}
