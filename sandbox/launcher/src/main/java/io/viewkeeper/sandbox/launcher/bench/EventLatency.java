// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch;
import io.viewkeeper.sandbox.launcher.workbench.SqlSession;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.EventHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** From the commit of a refresh, as the server notes it, to a plain Kafka consumer on the same machine. */
final class EventLatency {
    private static final int VIEWS = 25;
    private static final int WARM_UP_EVENTS = 50;
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final String COMMITTED = """
            /* viewkeeper:bench */
            select o.id, (extract(epoch from pg_xact_commit_timestamp(l.xmin)) * 1000000)::bigint
            from analytics.view_refresh_log l
            join viewkeeper.event_outbox o on o.payload ->> 'runId' = l.run_id::text and o.aggregatetype = 'refresh'
            """;

    private EventLatency() {}

    static List<Measurement> measure(Workbench.Site site, int events) throws InterruptedException {
        site.createSchema("bench");
        try (var refresher = site.session(Role.REFRESHER)) {
            for (int view = 0; view < VIEWS; view++) {
                refresher.run("""
                        create materialized view bench.v%1$d as select i from generate_series(1, 10) i;
                        create unique index on bench.v%1$d (i)
                        """.formatted(view));
            }
        }
        try (var superuser = site.session(Role.SUPERUSER);
                var watch = site.watch()) {
            try (var service = site.refresher("bench", "bench", "1s")) {
                service.awaitReady();
                new Poll(LIMIT).until(() -> watch.count() >= WARM_UP_EVENTS + events);
            }
            return measurements(superuser, watch, events);
        }
    }

    private static List<Measurement> measurements(SqlSession superuser, EventWatch watch, int events) {
        var committed = new HashMap<String, Instant>();
        superuser
                .rows(COMMITTED)
                .forEach(row -> committed.put(
                        row.getFirst(), Instant.EPOCH.plus(Long.parseLong(row.getLast()), ChronoUnit.MICROS)));
        var millis = new ArrayList<Double>();
        watch.events().stream().skip(WARM_UP_EVENTS).limit(events).forEach(event -> {
            var commit = committed.get(event.header(EventHeaders.ID));
            if (commit == null) {
                throw new LauncherException("An event without its row in the outbox: " + event);
            }
            millis.add(Duration.between(commit, event.receivedAt()).toNanos() / 1e6);
        });
        var sample = new Sample(millis);
        return List.of(
                Measurement.of("commit to consumer, p50", sample.median(), "ms"),
                Measurement.of("commit to consumer, p99", sample.percentile(99), "ms"),
                Measurement.of("commit to consumer, max", sample.percentile(100), "ms"));
    }
}
