// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.launcher.process.ChildProcess;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.Tool;
import io.viewkeeper.sandbox.launcher.workbench.SqlSession;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What scrapes of metrics-service take, what it asks of the database between them, and the same scrapes of
 * postgres_exporter, which asks the database when it is scraped; with few views and with many.
 */
final class ScrapeCost {
    private static final int AT_ONCE = 50;
    private static final int WARM_UP = 50;
    private static final int WARM_UP_OF_EXPORTER = 3;
    private static final int FACTS = 10_000;
    /** The views with another purpose: one that statements read, and one that is held locked. */
    private static final int OTHER_VIEWS = 2;

    private static final int MOST_REFRESHED = 500;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final String REFRESHED = """
            /* viewkeeper:bench */
            select count(*)
            from viewkeeper.view_state s
            where s.view_schema = 'bench' and s.data_as_of is not null and s.dropped_at is null
            """;

    private final Workbench.Site site;
    private final Scale scale;
    private final RunningService service;
    private final URI address;
    private final @Nullable Tool exporter;

    private ScrapeCost(Workbench.Site site, Scale scale, RunningService service, @Nullable Tool exporter) {
        this.site = site;
        this.scale = scale;
        this.service = service;
        this.exporter = exporter;
        address = URI.create(service.managementUrl() + "/q/metrics");
    }

    /**
     * How much is measured.
     *
     * @param views in ascending order
     * @param statements that the server has counted, at least
     * @param scrapes of each kind; those of a slow exporter end with the span
     * @param span of idleness, and of parallel scrapes
     * @param lock how long the plain REFRESH takes
     */
    record Scale(List<Integer> views, int statements, int scrapes, Duration span, Duration lock) {}

    /** Everything that was measured. */
    record Result(long statements, List<Size> sizes, LockedScrapes.Result locked) {}

    /**
     * What was measured with so many views.
     *
     * @param exporter empty where the program was not there
     */
    record Size(int views, Measured service, Background background, Parallel parallel, List<Compared> exporter) {}

    /**
     * Scrapes of postgres_exporter.
     *
     * @param queries {@code default}, or {@code examples}: with those of its package besides, which tell of each table and
     *     each statement
     */
    record Compared(String queries, Measured measured) {}

    /** @param residentBytes after the scrapes */
    record Measured(Scrapes scrapes, long residentBytes) {}

    /**
     * What goes on without any scrape.
     *
     * @param servicePercent of one core
     * @param databasePercent of one core, as pg_stat_statements counts time
     */
    record Background(double servicePercent, double databasePercent, List<StatementsOfService.Cost> collectors) {}

    /**
     * Fifty scrapes at the same time, again and again for as long as nothing was scraped before.
     *
     * @param idlePerSecond what the service asked of the database while nothing was scraped
     * @param perSecond what it asked while it was scraped
     * @param different statements, each of which may fall once or twice more into one span than into the other
     */
    record Parallel(Scrapes scrapes, double seconds, double idlePerSecond, double perSecond, int different) {
        /** Whether scrapes made the service ask the database for anything. */
        boolean causedStatements() {
            return (perSecond - idlePerSecond) * seconds > 2 * different;
        }
    }

    static Result measure(Workbench.Site site, Scale scale, Optional<Tool> exporter) throws InterruptedException {
        SlowWorkload.createTables(site, FACTS);
        SlowWorkload.createView(site);
        LockedScrapes.createView(site);
        PostgresExporter.createRole(site);
        long statements = SlowWorkload.execute(site, scale.statements());
        try (var service = site.metrics()) {
            service.awaitReady();
            var cost = new ScrapeCost(site, scale, service, exporter.orElse(null));
            var sizes = new ArrayList<Size>();
            int before = 0;
            for (int views : scale.views()) {
                cost.createViews(before, views);
                before = views;
                sizes.add(cost.size(views));
            }
            return new Result(statements, sizes, cost.locked());
        }
    }

    /** All are known to the refresher, and those that have series were refreshed; then it ends, to disturb nothing. */
    private void createViews(int before, int views) throws InterruptedException {
        try (var superuser = site.session(Role.SUPERUSER);
                var session = site.session(Role.REFRESHER);
                var refresher = site.refresher("bench", "bench", "12h")) {
            IdleCost.create(session, Math.max(0, before - OTHER_VIEWS), views - OTHER_VIEWS);
            int refreshed = Math.min(MOST_REFRESHED, views);
            if (!new Poll(LIMIT).until(() -> superuser.number(REFRESHED) >= refreshed)) {
                throw new LauncherException(
                        "The first %d views were not refreshed within %d s; the refresher's log:%n%s"
                                .formatted(
                                        refreshed,
                                        LIMIT.toSeconds(),
                                        refresher.process().endOfLog()));
            }
            IdleCost.awaitNothingDue(superuser, views);
        }
        if (!new Poll(LIMIT).until(() -> shownViews() >= Math.min(MOST_REFRESHED, views))) {
            throw new LauncherException("metrics-service does not show %d views; the end of its log:%n%s"
                    .formatted(views, service.process().endOfLog()));
        }
    }

    private int shownViews() {
        return Scrapes.once(address)
                .page()
                .named("viewkeeper_view_data_timestamp_seconds")
                .size();
    }

    private Size size(int views) throws InterruptedException {
        try (var superuser = site.session(Role.SUPERUSER)) {
            Scrapes.inSequence(address, WARM_UP, scale.span());
            var cpu = new CpuTime(service.process().pid());
            var begin = Moment.now(superuser);
            Thread.sleep(scale.span());
            cpu.look();
            var idle = Moment.now(superuser);
            var together = Scrapes.inParallel(address, AT_ONCE, scale.span());
            var busy = Moment.now(superuser);
            var measured = measured(address, service.process());
            var exporters = exporters();
            var end = Moment.now(superuser);
            var all = end.statements().since(begin.statements());
            return new Size(
                    views,
                    measured,
                    new Background(
                            100 * cpu.seconds() / idle.secondsSince(begin),
                            all.millis() / 10 / end.secondsSince(begin),
                            all.costs()),
                    new Parallel(
                            together,
                            busy.secondsSince(idle),
                            idle.executionsPerSecondSince(begin),
                            busy.executionsPerSecondSince(idle),
                            busy.statements().since(begin.statements()).different()),
                    exporters);
        }
    }

    /** What the service had asked when. */
    private record Moment(long nanos, StatementsOfService statements) {
        static Moment now(SqlSession superuser) {
            var statements = StatementsOfService.now(superuser);
            return new Moment(System.nanoTime(), statements);
        }

        double secondsSince(Moment earlier) {
            return (nanos - earlier.nanos) / 1e9;
        }

        double executionsPerSecondSince(Moment earlier) {
            return statements.since(earlier.statements).executions() / secondsSince(earlier);
        }
    }

    private Measured measured(URI scraped, ChildProcess process) {
        return new Measured(Scrapes.inSequence(scraped, scale.scrapes(), scale.span()), process.residentBytes());
    }

    private List<Compared> exporters() throws InterruptedException {
        var compared = new ArrayList<Compared>();
        if (exporter == null) {
            return compared;
        }
        try (var running = PostgresExporter.start(exporter, site)) {
            compared.add(compared("default", running));
        }
        var examples = PostgresExporter.exampleQueries(exporter);
        if (examples.isPresent()) {
            try (var running = PostgresExporter.start(exporter, site, examples.get())) {
                compared.add(compared("examples", running));
            }
        }
        return compared;
    }

    private Compared compared(String queries, PostgresExporter running) {
        Scrapes.inSequence(running.address(), WARM_UP_OF_EXPORTER, Duration.ZERO);
        return new Compared(queries, measured(running.address(), running.process()));
    }

    private LockedScrapes.Result locked() throws InterruptedException {
        if (exporter == null) {
            return LockedScrapes.measure(site, address, null, scale.lock());
        }
        try (var running = PostgresExporter.start(exporter, site)) {
            return LockedScrapes.measure(site, address, running.address(), scale.lock());
        }
    }
}
