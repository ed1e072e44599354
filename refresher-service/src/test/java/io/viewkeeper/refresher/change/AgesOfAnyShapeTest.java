// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.ViewName;
import java.sql.SQLException;
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
 * Views that read each other at random, over tables, partitions and foreign tables, in groups of their own or of one snapshot, kept,
 * refused or nobody's; failing, suspended, emptied, refreshed by hand, and plain views in between that are replaced, in a circle,
 * too. No event calls data younger than it is, none of a view whose inputs are all kept calls it older, and the stale inputs are
 * those of the history.
 */
@Tag("server")
@Tag("release")
class AgesOfAnyShapeTest {
    private static final int VIEWS = 11;
    private static final int STEPS = 40;

    private enum Kept {
        ALONE,
        TOGETHER,
        REFUSED,
        NOBODYS
    }

    private final Workshop workshop = new Workshop();
    private final Map<String, List<String>> reads = new LinkedHashMap<>();
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private final Map<String, RefreshEvent> lastOf = new HashMap<>();
    private final Set<String> suspended = new HashSet<>();
    private final Set<String> byHand = new HashSet<>();
    private final Set<Instant> written = new TreeSet<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noAgeIsYoungerThanTheData(long seed) throws SQLException {
        var random = new Random(seed);
        createViews(random);
        var settings = new Settings()
                .group("g", names(Kept.ALONE, Kept.REFUSED))
                .group("t", names(Kept.TOGETHER), (2 + random.nextInt(10)) + "m")
                .with("groups.t.consistent", "true");
        for (String group : List.of("g", "t")) {
            settings.with("groups." + group + ".freshness-target", "365d")
                    .with("groups." + group + ".suspend-after", "100")
                    .with("groups." + group + ".plain-refresh", "unpopulated")
                    .with("groups." + group + ".jitter", "0s");
        }
        kept.forEach((view, how) -> {
            if (how == Kept.ALONE) {
                settings.with("views.\"w." + view + "\".interval", (1 + random.nextInt(20)) + "m");
            }
        });
        try (var replica = Replica.oneAtATime(workshop.database(), settings)) {
            int told = 0;
            for (int step = 0; step <= STEPS; step++) {
                write();
                String done = step == 0 ? "start" : disturb(random, replica);
                replica.turn();
                List<RefreshEvent> events = workshop.events(replica.database());
                for (RefreshEvent event : events.subList(told, events.size())) {
                    compare(event, "seed " + seed + ", step " + step + " (" + done + "), " + reads + " " + kept);
                }
                told = events.size();
                replica.advance(Duration.ofMinutes(1 + random.nextInt(5)));
            }
            assertThat(told).isGreaterThan(STEPS / 4);
        }
    }

    private String names(Kept... which) {
        List<Kept> wanted = List.of(which);
        List<String> names = kept.keySet().stream()
                .filter(view -> wanted.contains(kept.get(view)))
                .map(view -> "w." + view)
                .toList();
        return names.isEmpty() ? "w.none" : String.join(",", names);
    }

    private void write() {
        String moment = workshop.string("select clock_timestamp()::text");
        for (String base : List.of("plain", "parted")) {
            workshop.asOwner("update w." + base + " set written_at = '" + moment + "'");
        }
        written.add(writtenAt("w.plain"));
    }

    private void createViews(Random random) throws SQLException {
        workshop.asOwner("create table w.plain (k int primary key, written_at timestamptz not null);"
                + "insert into w.plain values (1, clock_timestamp());"
                + "create table w.parted (k int primary key, written_at timestamptz not null) partition by hash (k);"
                + "create table w.parted_0 partition of w.parted for values with (modulus 2, remainder 0);"
                + "create table w.parted_1 partition of w.parted for values with (modulus 2, remainder 1);"
                + "insert into w.parted select i, clock_timestamp() from generate_series(1, 2) i;"
                + "create table w.broken (name text primary key, divisor int not null)");
        var database = workshop.database();
        database.execute(
                Role.SUPERUSER,
                "create extension postgres_fdw; create server loop foreign data wrapper postgres_fdw options (host '"
                        + database.host() + "', port '" + database.port() + "', dbname '" + database.name() + "');"
                        + "create user mapping for viewkeeper_refresher server loop options (user 'viewkeeper_refresher', password '"
                        + database.password() + "');"
                        + "create foreign table w.remote (k int, written_at timestamptz) server loop options (schema_name 'w', table_name 'plain');"
                        + "grant select on w.remote to viewkeeper_refresher");
        for (int i = 0; i < VIEWS; i++) {
            String view = "v" + i;
            var sources = new ArrayList<String>();
            for (int n = random.nextInt(3); n >= 0; n--) {
                sources.add(
                        i == 0 || random.nextInt(4) == 0
                                ? List.of("plain", "parted", "remote").get(random.nextInt(3))
                                : "v" + Math.max(0, i - 1 - random.nextInt(3)));
            }
            Kept how = Kept.values()[List.of(0, 0, 0, 0, 1, 1, 2, 3).get(random.nextInt(8))];
            create(view, how, sources.stream().distinct().toList(), random);
        }
    }

    /** Each source through a plain view of its own, or two. */
    private void create(String view, Kept how, List<String> sources, Random random) {
        workshop.asOwner("insert into w.broken values ('" + view + "', 1)");
        var froms = new ArrayList<String>();
        for (int i = 0; i < sources.size(); i++) {
            String plain = "p_" + view + "_" + i;
            workshop.asRefresher("create view w." + plain + " as select k, written_at from w." + sources.get(i));
            if (random.nextBoolean()) {
                workshop.asRefresher("create view w.p" + plain + " as select k, written_at from w." + plain);
                plain = "p" + plain;
            }
            froms.add("select k, written_at from w." + plain);
        }
        workshop.asRefresher("create materialized view w." + view
                + " as select 1 as k, min(written_at) as written_at, (select 1 / divisor from w.broken where name = '"
                + view
                + "') as works from (" + String.join(" union all ", froms) + ") s");
        if (how != Kept.REFUSED) {
            workshop.asRefresher("create unique index on w." + view + " (k)");
        }
        reads.put(view, new ArrayList<>(sources));
        kept.put(view, how);
    }

    private String disturb(Random random, Replica replica) {
        String view = "v" + random.nextInt(VIEWS);
        var name = new ViewName("w", view);
        return switch (random.nextInt(9)) {
            case 0 -> {
                workshop.asOwner("update w.broken set divisor = 1 - divisor where name = '" + view + "'");
                yield "break or mend " + view;
            }
            case 1 -> {
                replica.database().inTransaction(session -> ViewCommands.suspend(session, name, "alice", null));
                suspended.add(view);
                yield "suspend " + view;
            }
            case 2, 3 -> {
                for (String one : Set.copyOf(suspended)) {
                    replica.database().inTransaction(session -> ViewCommands.resume(session, new ViewName("w", one)));
                    suspended.remove(one);
                }
                yield "resume all";
            }
            case 4 ->
                tryAs(
                        "refresh materialized view " + (kept.get(view) == Kept.REFUSED ? "" : "concurrently ") + "w."
                                + view,
                        () -> byHand.add(view));
            case 5 -> tryAs("refresh materialized view w." + view + " with no data", () -> byHand.add(view));
            case 6 -> {
                List<String> sources = reads.getOrDefault(view, List.of());
                int which = random.nextInt(sources.size());
                int highest = random.nextInt(3) == 0 ? VIEWS : Integer.parseInt(view.substring(1)) + 1;
                String other = random.nextInt(4) == 0 ? "plain" : "v" + random.nextInt(highest);
                workshop.asRefresher("create or replace view w.p_" + view + "_" + which
                        + " as select k, written_at from w." + other);
                sources.set(which, other);
                yield "replace: " + view + " reads " + other;
            }
            default -> "nothing";
        };
    }

    private String tryAs(String sql, Runnable done) {
        try {
            workshop.database().execute(Role.REFRESHER, sql);
            done.run();
            return sql;
        } catch (SQLException refused) {
            return sql + ": " + refused.getMessage();
        }
    }

    private void compare(RefreshEvent event, String when) {
        String view = event.run().view().name();
        if (event instanceof RefreshCompleted completed) {
            var inputs = new TreeSet<String>();
            collect(view, inputs);
            boolean circular = inputs.stream()
                    .anyMatch(input -> collect(input, new TreeSet<>()).contains(input));
            boolean allKept =
                    inputs.stream().allMatch(input -> kept.get(input) == Kept.ALONE && !byHand.contains(input));
            var stale = new TreeSet<String>();
            completed.staleInputs().forEach(input -> stale.add(input.name()));
            assertThat(stale).as(when + ", stale inputs of " + view).isSubsetOf(inputs);
            inputs.stream()
                    .filter(input -> !input.equals(view))
                    .filter(this::isStale)
                    .forEach(input -> assertThat(stale)
                            .as(when + ", a stale input of " + view)
                            .contains(input));
            Instant dataAsOf = event.run().dataAsOf();
            if (dataAsOf != null && isLastOf(event)) {
                Instant shown = writtenAt("w." + view);
                written.stream()
                        .filter(shown::isBefore)
                        .findFirst()
                        .ifPresent(next -> assertThat(dataAsOf)
                                .as(when + ", " + view + " shows nothing of what was written later")
                                .isBefore(next));
                if (allKept && !circular && kept.get(view) == Kept.ALONE) {
                    assertThat(dataAsOf).as(when + ", age of " + view).isAfter(shown);
                }
            }
            if (allKept && !circular && kept.get(view) == Kept.ALONE && wasNeverOtherwise(view)) {
                assertThat(dataAsOf).as(when + ", age of " + view).isNotNull();
            }
        }
        lastOf.put(view, event);
    }

    private boolean isStale(String input) {
        return switch (kept.getOrDefault(input, Kept.NOBODYS)) {
            case ALONE -> suspended.contains(input) || !(lastOf.get(input) instanceof RefreshCompleted);
            case TOGETHER -> suspended.contains(input);
            case REFUSED -> true;
            case NOBODYS -> !byHand.contains(input);
        };
    }

    /** Whether all that it reads was refreshed by us; what read others before may still show them. */
    private boolean wasNeverOtherwise(String view) {
        return collect(view, new TreeSet<>()).stream()
                .allMatch(input -> lastOf.get(input) instanceof RefreshCompleted good
                        && good.run().dataAsOf() != null);
    }

    private Set<String> collect(String view, Set<String> inputs) {
        for (String input : reads.getOrDefault(view, List.of())) {
            if (input.startsWith("v") && inputs.add(input)) {
                collect(input, inputs);
            }
        }
        return inputs;
    }

    private boolean isLastOf(RefreshEvent event) {
        return workshop.string("select last_run_id from viewkeeper.view_state where view_name = '"
                                + event.run().view().name() + "'")
                        .equals(event.run().runId().toString())
                && !workshop.string("select relispopulated from pg_class where oid = 'w."
                                + event.run().view().name() + "'::regclass")
                        .equals("f");
    }

    private Instant writtenAt(String relation) {
        long micros = Long.parseLong(workshop.string(
                "select (extract(epoch from max(written_at)) * 1000000)::bigint::text from " + relation));
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
