// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.process.LauncherException;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import io.viewkeeper.sandbox.server.Role;
import java.time.Duration;

/** How fast events that have piled up reach a plain consumer once a refresher publishes them. */
final class OutboxDrain {
    private static final int VIEWS = 100;
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private OutboxDrain() {}

    /** Counted at the consumer, from the first event to the last. */
    static Measurement measure(Workbench.Site site, int events) throws InterruptedException {
        try (var refresher = site.session(Role.REFRESHER)) {
            refresher.run("""
                    insert into viewkeeper.event_outbox (id, aggregatetype, aggregateid, type, sequence, payload)
                    select
                      gen_random_uuid(),
                      'refresh',
                      'bench.v' || i %% %1$d,
                      'io.viewkeeper.refresh-completed.v1',
                      1 + i / %1$d,
                      json_build_object('runId', gen_random_uuid(), 'filler', repeat('x', 700))
                    from generate_series(0, %2$d) i
                    """.formatted(VIEWS, events - 1));
        }
        try (var watch = site.watch();
                var service = site.refresher("bench", "bench", "12h")) {
            service.awaitReady();
            if (!new Poll(LIMIT).until(() -> watch.count() >= events)) {
                throw new LauncherException(
                        "Only %d of %d events have arrived within %s".formatted(watch.count(), events, LIMIT));
            }
            var read = watch.events();
            double seconds = Duration.between(
                                    read.getFirst().receivedAt(), read.getLast().receivedAt())
                            .toNanos()
                    / 1e9;
            return Measurement.of("outbox drained", events / seconds, "events/s");
        }
    }
}
