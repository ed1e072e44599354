// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Over random schedules, failures and suspensions: the age of each view is that of the oldest data that it shows, and the stale
 * inputs are those that its history names. The data tell the truth: each row of the base table says when it was written, and each
 * view carries the oldest of what it read.
 */
@Tag("server")
class AgesOverRandomSchedulesTest {
    /** What each view reads; five levels, a diamond (d, e, f), plain views in between, one that nobody keeps and its reader. */
    private static final Map<String, List<String>> READS = reads();

    /** These fail while their row of w.broken says so. */
    private static final List<String> FRAGILE = List.of("a", "d", "g");

    private final Workshop workshop = new Workshop();
    private final Map<String, RefreshEvent> lastOf = new HashMap<>();
    private final Set<String> suspended = new HashSet<>();
    private final Set<Instant> written = new HashSet<>();
    private boolean nobodysChangeWasSeen;

    private static Map<String, List<String>> reads() {
        var reads = new LinkedHashMap<String, List<String>>();
        reads.put("a", List.of());
        reads.put("b", List.of());
        reads.put("d", List.of("a", "b"));
        reads.put("e", List.of("a"));
        reads.put("f", List.of("d", "e"));
        reads.put("g", List.of("f", "b"));
        reads.put("h", List.of("g"));
        reads.put("nobodys", List.of("b"));
        reads.put("r", List.of("nobodys", "a"));
        return reads;
    }

    @ParameterizedTest
    @ValueSource(longs = 1)
    void agesAndStaleInputsAreWhatTheHistorySays(long seed) {
        check(seed, 25);
    }

    @ParameterizedTest
    @Tag("release")
    @ValueSource(longs = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void andOverLongerSchedules(long seed) {
        check(seed, 60);
    }

    private void check(long seed, int steps) {
        var random = new Random(seed);
        createViews();
        var settings = new Settings()
                .group(
                        "g",
                        String.join(
                                ",", kept().stream().map(view -> "w." + view).toList()))
                .with("groups.g.freshness-target", "365d")
                .with("groups.g.suspend-after", "100");
        for (String view : kept()) {
            settings.with("views.\"w." + view + "\".interval", (1 + random.nextInt(20)) + "m")
                    .with("views.\"w." + view + "\".jitter", "0s");
        }
        // In their order, so that the history tells what each refresh has seen of its inputs.
        try (var replica = Replica.oneAtATime(workshop.database(), settings)) {
            int told = 0;
            for (int step = 0; step <= steps; step++) {
                if (step > 0) {
                    disturb(random, replica, step);
                }
                replica.turn();
                List<RefreshEvent> events = workshop.events(replica.database());
                for (RefreshEvent event : events.subList(told, events.size())) {
                    compare(event, "seed " + seed + ", step " + step);
                }
                told = events.size();
                replica.advance(Duration.ofMinutes(1 + random.nextInt(5)));
            }
            assertThat(told).isGreaterThan(steps);
        }
    }

    private static List<String> kept() {
        return READS.keySet().stream().filter(view -> !view.equals("nobodys")).toList();
    }

    private static List<String> reads(String view) {
        return READS.getOrDefault(view, List.of());
    }

    private void createViews() {
        workshop.asOwner("create table w.base (k int primary key, written_at timestamptz not null);"
                + "insert into w.base values (1, clock_timestamp());"
                + "create table w.broken (name text primary key, divisor int not null)");
        READS.forEach((view, inputs) -> {
            workshop.asOwner("insert into w.broken values ('" + view + "', 1)");
            var sources = new ArrayList<String>();
            for (String input : inputs) {
                workshop.asRefresher(
                        "create view w.p_" + view + "_" + input + " as select k, written_at from w." + input);
                sources.add("w.p_" + view + "_" + input);
            }
            if (sources.isEmpty()) {
                sources.add("w.base");
            }
            String query = "select k, min(written_at) as written_at, (select 1 / divisor from w.broken where name = '"
                    + view + "') as works from ("
                    + String.join(
                            " union all ",
                            sources.stream()
                                    .map(source -> "select k, written_at from " + source)
                                    .toList())
                    + ") s group by k";
            workshop.view(view, query);
        });
    }

    private void disturb(Random random, Replica replica, int step) {
        workshop.asOwner("update w.base set written_at = clock_timestamp()");
        written.add(writtenAt("w.base"));
        String view = FRAGILE.get(random.nextInt(FRAGILE.size()));
        switch (random.nextInt(6)) {
            case 0 -> workshop.asOwner("update w.broken set divisor = 1 - divisor where name = '" + view + "'");
            case 1 -> {
                replica.database()
                        .inTransaction(session -> ViewCommands.suspend(session, new ViewName("w", "e"), "alice", null));
                suspended.add("e");
            }
            case 2 -> {
                replica.database().inTransaction(session -> ViewCommands.resume(session, new ViewName("w", "e")));
                suspended.remove("e");
            }
            case 3 -> {
                Instant shown = writtenAt("w.nobodys");
                workshop.asRefresher("refresh materialized view concurrently w.nobodys");
                // At the first look nobody knew how old its own input was; and one that changes nothing leaves no
                // trace.
                nobodysChangeWasSeen |= step > 1 && !writtenAt("w.nobodys").equals(shown);
            }
            default -> {}
        }
    }

    private void compare(RefreshEvent event, String when) {
        String view = event.run().view().name();
        if (event instanceof RefreshCompleted completed) {
            var stale = new TreeSet<String>();
            collectStale(view, stale);
            assertThat(completed.staleInputs().stream().map(ViewName::name))
                    .as(when + ", stale inputs of " + view)
                    .containsExactlyElementsOf(stale);
            assertThat(completed.run().dataAsOf() == null)
                    .as(when + ", whether the age of " + view + " is known")
                    .isEqualTo(reads(view).contains("nobodys") && !nobodysChangeWasSeen);
            if (isLastOf(event)) {
                compareWithTheData(completed, view, when);
            }
        }
        lastOf.put(view, event);
    }

    /** Failed, suspended, or of unknown age; through all levels. */
    private void collectStale(String view, Set<String> stale) {
        for (String input : reads(view)) {
            boolean isStale = input.equals("nobodys")
                    ? !nobodysChangeWasSeen
                    : suspended.contains(input) || !(lastOf.get(input) instanceof RefreshCompleted);
            if (isStale) {
                stale.add(input);
            }
            collectStale(input, stale);
        }
    }

    private boolean isLastOf(RefreshEvent event) {
        return workshop.string("select last_run_id from viewkeeper.view_state where view_name = '"
                        + event.run().view().name() + "'")
                .equals(event.run().runId().toString());
    }

    /** The base table was written once per step: the oldest row shown was read after it was written and before the next was. */
    private void compareWithTheData(RefreshCompleted event, String view, String when) {
        Instant dataAsOf = event.run().dataAsOf();
        if (dataAsOf == null) {
            return;
        }
        Instant shown = writtenAt("w." + view);
        // Of a refresh by hand we know no more than that it began after a look of ours.
        if (!reads(view).contains("nobodys")) {
            assertThat(dataAsOf)
                    .as(when + ", age of " + view + " against the data that it shows")
                    .isAfter(shown);
        }
        written.stream()
                .filter(shown::isBefore)
                .min(Instant::compareTo)
                .ifPresent(next -> assertThat(dataAsOf)
                        .as(when + ", " + view + " shows nothing of what was written later")
                        .isBefore(next));
    }

    private Instant writtenAt(String relation) {
        long micros = Long.parseLong(
                workshop.string("select (extract(epoch from written_at) * 1000000)::bigint::text from " + relation));
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
