// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.process.ScrapePage;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Scrapes beside a plain REFRESH, which locks its view against everybody for as long as it takes. */
final class LockedScrapes {
    /** The view is named so that it is among those that have series. */
    private static final String VIEW = "bench.a_held";

    private static final String CREATE = """
            /* viewkeeper:bench */
            create table bench.pause (seconds double precision);
            insert into bench.pause (seconds) values (0);
            grant select, update on bench.pause to viewkeeper_refresher
            """;

    private static final String CREATE_VIEW = """
            /* viewkeeper:bench */
            create materialized view bench.a_held as
            select p.seconds, pg_catalog.pg_sleep(p.seconds)::text as slept from bench.pause p;
            create unique index on bench.a_held (seconds)
            """;

    private static final String LOCKS = """
            /* viewkeeper:bench */
            select count(*)
            from pg_catalog.pg_locks l
            where l.relation = 'bench.a_held'::regclass and l.mode = 'AccessExclusiveLock' and l.granted
            """;

    /** Nothing that happens here changes these. */
    private static final List<String> STEADY = List.of(
            "viewkeeper_view_data_timestamp_seconds",
            "viewkeeper_view_last_attempt_success",
            "viewkeeper_view_freshness_target_seconds",
            "viewkeeper_view_size_bytes");

    private static final Duration BETWEEN_SCRAPES = Duration.ofMillis(100);
    private static final Duration BETWEEN_SCRAPES_OF_OTHERS = Duration.ofSeconds(1);

    private LockedScrapes() {}

    /**
     * What happened while the lock was held.
     *
     * @param viewSeries that should stay as they are
     * @param changed of these, in any scrape: missing or of another value
     * @param failingCollectors that any scrape showed
     * @param exporter the other exporter's scrapes in the same time; null where it was not there
     */
    record Result(
            double lockedSeconds,
            Scrapes service,
            int viewSeries,
            int changed,
            Set<String> failingCollectors,
            @Nullable Scrapes exporter) {}

    private record Seen(double millis, ScrapePage page) {
        static Seen now(URI address) {
            var scrape = Scrapes.once(address);
            return new Seen(scrape.millis(), scrape.page());
        }
    }

    static void createView(Workbench.Site site) {
        try (var superuser = site.session(Role.SUPERUSER)) {
            superuser.run(CREATE);
        }
        try (var refresher = site.session(Role.REFRESHER)) {
            refresher.run(CREATE_VIEW);
        }
    }

    static Result measure(Workbench.Site site, URI service, @Nullable URI exporter, Duration held)
            throws InterruptedException {
        var before = Scrapes.once(service).page();
        try (var superuser = site.session(Role.SUPERUSER);
                var refresher = site.session(Role.REFRESHER)) {
            superuser.run("update bench.pause set seconds = " + held.toSeconds());
            var refresh = Thread.ofVirtual().start(() -> refresher.run("refresh materialized view " + VIEW));
            BooleanSupplier isLocked = () -> superuser.number(LOCKS) > 0;
            if (!new Poll(Duration.ofSeconds(10)).until(isLocked)) {
                throw new LauncherException("The refresh that was to hold its lock does not");
            }
            long began = System.nanoTime();
            var others = new ArrayList<Seen>();
            var other = Thread.ofVirtual().start(() -> scrape(exporter, refresh, others, BETWEEN_SCRAPES_OF_OTHERS));
            var ours = new ArrayList<Seen>();
            scrape(service, refresh, ours, BETWEEN_SCRAPES);
            double seconds = (System.nanoTime() - began) / 1e9;
            other.join();
            return result(seconds, before, ours, others);
        }
    }

    /** Until the refresh is over, and not once more. */
    private static void scrape(@Nullable URI address, Thread refresh, List<Seen> into, Duration between) {
        try {
            while (address != null && refresh.isAlive()) {
                into.add(Seen.now(address));
                refresh.join(between);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Result result(double seconds, ScrapePage before, List<Seen> ours, List<Seen> others) {
        var steady = steady(before);
        var changed = new TreeSet<String>();
        var failing = new TreeSet<String>();
        // What was scraped last may have been answered after the lock.
        for (var scrape : ours.subList(0, Math.max(1, ours.size() - 1))) {
            var now = steady(scrape.page());
            steady.forEach((series, value) -> {
                if (!value.equals(now.get(series))) {
                    changed.add(series);
                }
            });
            scrape.page().named("viewkeeper_collector_success").forEach((labels, success) -> {
                if (success < 1) {
                    failing.add(labels);
                }
            });
        }
        return new Result(
                seconds,
                scrapes(ours),
                steady.size(),
                changed.size(),
                failing,
                others.isEmpty() ? null : scrapes(others));
    }

    private static Scrapes scrapes(List<Seen> all) {
        return Scrapes.of(all.stream().map(Seen::millis).toList(), all.getLast().page());
    }

    private static Map<String, Double> steady(ScrapePage page) {
        var series = new HashMap<String, Double>();
        STEADY.forEach(name -> page.named(name).forEach((labels, value) -> series.put(name + labels, value)));
        return series;
    }
}
