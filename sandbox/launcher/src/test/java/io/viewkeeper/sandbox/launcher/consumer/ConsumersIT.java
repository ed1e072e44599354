// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.consumer.SampleConsumers.Held;
import io.viewkeeper.sandbox.launcher.installation.Installation;
import io.viewkeeper.sandbox.launcher.process.Packaging;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Surroundings;
import io.viewkeeper.sandbox.launcher.workbench.SqlSession;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.event.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The consumers in docs/consumers follow a real refresher, while views change, fail, go and come back. The test is the program that
 * uses their files: it keeps what it has read of a view under the stamp that it found before.
 */
@Tag("server")
@Tag("release")
class ConsumersIT {
    private static final int VIEWS = 8;

    private static final String SOURCE = """
            create schema churned;
            create table churned.source (view text not null, n bigint not null);
            insert into churned.source select 'v' || v, n from pg_catalog.generate_series(0, 7) v, pg_catalog.generate_series(1, 9) n;
            grant usage, create on schema churned to viewkeeper_refresher;
            grant select on churned.source to viewkeeper_refresher;
            """;
    private static final String VIEW = """
            create materialized view churned.%1$s as select s.n from churned.source s where s.view = '%1$s';
            create unique index on churned.%1$s (n);
            """;

    private static final String UNPUBLISHED = "select count(*) from viewkeeper.event_outbox where published_at is null";

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();
    private final String prefix = database.name();
    private final KafkaServer kafka = KafkaServer.shared();
    /** By consumer and view: what was read, and under which stamp. */
    private final Map<String, Kept> kept = new TreeMap<>();

    private record Kept(String stamp, String contents, int times) {}

    @TempDir
    private Path folder;

    @Test
    void whatIsKeptUnderTheLastStampIsWhatAQueryGives() throws Exception {
        run(Role.OWNER, SOURCE);
        for (int view = 0; view < VIEWS; view++) {
            run(Role.REFRESHER, VIEW.formatted("v" + view));
        }
        try (var consumers = new SampleConsumers(kafka, prefix, folder)) {
            try (var refresher = startRefresher()) {
                refresher.awaitReady();
                kafka.awaitTopics(List.of(Topics.refresh(prefix), Topics.viewState(prefix)));
                consumers.start();
                goOn(consumers);
                churn(consumers);
                Await.until("what was committed is published", () -> number(UNPUBLISHED) == 0);
            }
            consumers.awaitAllRead();
            for (var name : consumers.names()) {
                assertThat(stampsOf(consumers, name)).as(name).containsOnlyKeys(existing());
                stampsOf(consumers, name).forEach((view, stamp) -> {
                    var last = kept.get(name + " " + view);
                    if (last != null && last.stamp().equals(stamp)) {
                        assertThat(last.contents()).as("%s of %s", view, name).isEqualTo(contents(view));
                    }
                });
                assertThat(Objects.requireNonNull(kept.get(name + " v7")).times())
                        .as("times that %s was right to keep v7, which never changed".formatted(name))
                        .isGreaterThan(5);
            }
        }
    }

    private void churn(SampleConsumers consumers) throws Exception {
        run(Role.OWNER, "update churned.source set n = n + 100 where view = 'v0'");
        goOn(consumers);
        run(Role.OWNER, "insert into churned.source values ('v1', 77)");
        run(Role.REFRESHER, "refresh materialized view concurrently churned.v1");
        goOn(consumers);
        run(Role.REFRESHER, "drop materialized view churned.v2");
        goOn(consumers);
        run(Role.OWNER, "delete from churned.source where view = 'v3' and n > 4");
        run(Role.REFRESHER, "begin; drop materialized view churned.v3;" + VIEW.formatted("v3") + "commit");
        goOn(consumers);
        consumers.killAndStartAgain();
        run(Role.REFRESHER, "alter materialized view churned.v4 rename to \"w.4\"");
        goOn(consumers);
        run(Role.OWNER, "insert into churned.source values ('v5', 5)");
        Await.until(
                "v5 fails",
                () -> number("select count(*) from analytics.view_refresh_log where status = 'failed'") > 0);
        goOn(consumers);
        run(Role.REFRESHER, VIEW.formatted("v2"));
        run(Role.OWNER, "delete from churned.source where view = 'v5' and n = 5");
        run(Role.OWNER, "update churned.source set n = n + 1000 where view = 'v6'");
        goOn(consumers);
        run(Role.REFRESHER, "drop materialized view churned.v0");
        goOn(consumers);
    }

    private RunningService startRefresher() {
        var settings = new HashMap<String, String>();
        settings.put("viewkeeper.topic-prefix", prefix);
        settings.put("viewkeeper.refresh.groups.g.views", "churned.*");
        settings.put("viewkeeper.refresh.groups.g.interval", "1s");
        settings.put("viewkeeper.refresh.discovery-interval", "1s");
        return RunningService.start(
                ServiceKind.REFRESHER,
                new Surroundings(Installation.root(), Packaging.JVM, folder, database, kafka.bootstrapServers()),
                settings);
    }

    /** Until the refresher knows of what was done and has refreshed every view once more; then the program uses the caches. */
    private void goOn(SampleConsumers consumers) {
        var before = sequences();
        Await.until(() -> "refreshed: %s, then %s, of %s".formatted(before, sequences(), List.of(existing())), () -> {
            var now = sequences();
            return now.keySet().equals(Set.of(existing()))
                    && now.entrySet().stream()
                            .allMatch(view -> view.getValue() > before.getOrDefault(view.getKey(), 0L));
        });
        for (var name : consumers.names()) {
            Await.until(
                    "the views are known to " + name,
                    () -> stampsOf(consumers, name).keySet().equals(Set.of(existing())));
            stampsOf(consumers, name)
                    .forEach((view, stamp) -> kept.compute(
                            name + " " + view,
                            (any, last) -> last != null && last.stamp().equals(stamp)
                                    ? new Kept(stamp, last.contents(), last.times() + 1)
                                    : new Kept(stamp, contents(view), 0)));
        }
    }

    private Map<String, String> stampsOf(SampleConsumers consumers, String name) {
        var stamps = new TreeMap<String, String>();
        consumers.cacheOf(name).forEach((view, held) -> stamp(held, view, stamps));
        return stamps;
    }

    private static void stamp(Held held, String view, Map<String, String> stamps) {
        var stamp = held.stamp();
        if (stamp != null) {
            stamps.put(
                    view.substring(view.indexOf(" churned.") + " churned.".length())
                            .replace("\"", ""),
                    stamp);
        }
    }

    private Map<String, Long> sequences() {
        var sequences = new TreeMap<String, Long>();
        rows("select view_name, event_sequence from viewkeeper.view_state where view_schema = 'churned' and dropped_at is null")
                .forEach(row -> sequences.put(row.get(0), Long.parseLong(row.get(1))));
        return sequences;
    }

    private String[] existing() {
        return rows("select matviewname from pg_catalog.pg_matviews where schemaname = 'churned'").stream()
                .map(List::getFirst)
                .toArray(String[]::new);
    }

    private String contents(String view) {
        return rows("select n from churned.\"%s\" order by n".formatted(view)).toString();
    }

    private long number(String sql) {
        return Long.parseLong(rows(sql).getFirst().getFirst());
    }

    private List<List<String>> rows(String sql) {
        try (var session = SqlSession.of(database, Role.OWNER)) {
            return session.rows(sql);
        }
    }

    private void run(Role role, String sql) {
        try (var session = SqlSession.of(database, role)) {
            session.run(sql);
        }
    }
}
