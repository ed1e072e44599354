// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.codec.ViewStateReader;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.event.ViewState;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ViewStateAnnouncerTest {
    private static final String OUTBOX = """
        select aggregateid, aggregatetype, type, sequence, payload::text as payload
        from viewkeeper.event_outbox
        order by position
        """;

    private record Written(
            String key, long sequence, @Nullable String payload) {}

    private final SandboxDatabase where = PostgresServer.shared().migratedDatabase();
    private final Pool pool = Replica.pool(where, Role.REFRESHER);
    private final Database database = new Database(pool, Await.PATIENCE);

    @AfterEach
    void close() {
        var _ = pool.close();
    }

    @Test
    void tellsHowAViewStands() throws SQLException {
        where.execute(Role.REFRESHER, """
            insert into viewkeeper.view_state (
              view_schema, view_name, view_oid, view_group, freshness_target_ms, schedule, event_sequence, data_as_of,
              last_run_id, last_status, last_method, last_finished_at, last_duration_ms, last_rows_changed, size_bytes)
            values (
              's', 'good', 4000000000, 'g', 60000, 'every 30s', 12, '2026-11-22 09:00:00.5Z',
              '018f3a5e-0000-7000-8000-000000000001', 'completed', 'concurrent', '2026-11-22 09:00:01Z', 500, 3, 8192)
            """);
        announce("good");
        Written record = written().getFirst();
        assertThat(record.key()).isEqualTo("s.good");
        ViewState state = state(record);
        assertThat(state.state()).isEqualTo(ViewState.State.SCHEDULED);
        assertThat(state.database()).isEqualTo(where.name());
        assertThat(state.viewOid()).isEqualTo(4_000_000_000L);
        assertThat(state.version()).isEqualTo(1).isEqualTo(record.sequence());
        assertThat(state.lastSequence()).isEqualTo(12);
        assertThat(state.last())
                .isNotNull()
                .satisfies(last -> assertThat(last.completed()).isTrue());
    }

    @Test
    void tellsWhyAViewIsNotRefreshedAndNeverWho() throws SQLException {
        where.execute(Role.REFRESHER, """
            insert into viewkeeper.view_state (
              view_schema, view_name, view_oid, view_group, refusal, suspended_at, suspended_by, dropped_at)
            values
              ('s', 'free', 1, null, null, null, null, null),
              ('s', 'held', 2, 'g', null, now(), 'jane.doe@example.com', null),
              ('s', 'ill', 3, 'g', null, now(), null, null),
              ('s', 'refused', 4, 'g', 'not_concurrent_capable: no unique index: create one', null, null, null)
            """);
        announce("refused", "ill", "free", "held", "unknown");
        var states = written().stream().map(ViewStateAnnouncerTest::state).toList();
        assertThat(states)
                .extracting(state -> state.view().name() + " " + state.state().wireName())
                .containsExactlyInAnyOrder("free unscheduled", "held suspended", "ill suspended", "refused refused");
        assertThat(states)
                .filteredOn(ViewState::suspendedByOperator)
                .extracting(state -> state.view().name())
                .containsExactly("held");
        assertThat(states)
                .extracting(ViewState::refusal)
                .contains(new ViewState.Refusal(ErrorCategory.NOT_CONCURRENT_CAPABLE, "no unique index: create one"));
        assertThat(written())
                .noneMatch(record -> String.valueOf(record.payload()).contains("jane"));
    }

    @Test
    void aDroppedViewHasATombstoneAndItsVersionGoesOn() throws SQLException {
        register(1);
        announce("v1");
        where.execute(Role.REFRESHER, "update viewkeeper.view_state set dropped_at = now()");
        announce("v1");
        where.execute(Role.REFRESHER, "update viewkeeper.view_state set dropped_at = null");
        announce("v1");
        assertThat(written()).extracting(Written::sequence).containsExactly(1L, 2L, 3L);
        assertThat(written()).extracting(record -> record.payload() == null).containsExactly(false, true, false);
    }

    @Test
    void whatIsRolledBackWasNeverAnnounced() throws SQLException {
        register(1);
        assertThatThrownBy(() -> database.inTransaction(session -> {
                    ViewStateAnnouncer.announce(session, views("v1"));
                    throw new IllegalStateException("after all not");
                }))
                .hasMessage("after all not");
        announce("v1");
        assertThat(written()).extracting(Written::sequence).containsExactly(1L);
    }

    @Test
    void tenThousandViewsAreAnnouncedAtOnce() throws SQLException {
        register(10_000);
        announce(IntStream.rangeClosed(1, 10_000).mapToObj(i -> "v" + i).toArray(String[]::new));
        assertThat(written()).hasSize(10_000).allMatch(record -> record.sequence() == 1);
    }

    @Test
    void twoThatAnnounceTheSameViewsInOppositeOrderBothSucceedAndNoVersionIsGivenTwice() throws SQLException {
        register(50);
        List<ViewName> forward =
                views(IntStream.rangeClosed(1, 50).mapToObj(i -> "v" + i).toArray(String[]::new));
        List<ViewName> backward = forward.reversed();
        int rounds = 20;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var both = List.of(forward, backward).stream()
                    .map(views -> CompletableFuture.runAsync(
                            () -> Collections.nCopies(rounds, views).forEach(this::announce), threads))
                    .toList();
            both.forEach(CompletableFuture::join);
        }
        assertThat(written().stream()
                        .map(record -> record.key() + " " + record.sequence())
                        .distinct())
                .hasSize(2 * rounds * 50);
        assertThat(written())
                .allMatch(record -> record.sequence() == state(record).version());
    }

    private void register(int views) throws SQLException {
        where.execute(Role.REFRESHER, """
            insert into viewkeeper.view_state (view_schema, view_name, view_oid, view_group)
            select 's', 'v' || i, i, 'g'
            from generate_series(1, %d) i
            """.formatted(views));
    }

    private void announce(String... names) {
        announce(views(names));
    }

    private void announce(List<ViewName> views) {
        database.inTransaction(session -> {
            ViewStateAnnouncer.announce(session, views);
            return views.size();
        });
    }

    private static List<ViewName> views(String... names) {
        return List.of(names).stream().map(name -> new ViewName("s", name)).toList();
    }

    private List<Written> written() {
        return database.query(OUTBOX, row -> {
            assertThat(row.getString("aggregatetype")).isEqualTo("view-state");
            assertThat(row.getString("type")).isEqualTo(ViewState.TYPE);
            return new Written(row.getString("aggregateid"), row.getLong("sequence"), row.getString("payload"));
        });
    }

    private static ViewState state(Written record) {
        return ViewStateReader.read(ViewState.TYPE, String.valueOf(record.payload()));
    }
}
