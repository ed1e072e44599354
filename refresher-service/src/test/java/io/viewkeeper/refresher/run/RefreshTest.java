// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.codec.EventReader;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class RefreshTest {
    private static final String WAITING_REFRESH = """

        from pg_stat_activity
        where wait_event_type = 'Lock'
          and query like '%viewkeeper:refresh%'
          and datname = current_database()
        """;

    private static final int MOST_FAILURES = 5;

    private static final ViewName TOTALS = new ViewName("sales", "totals");

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();
    private Replica replica =
            new Replica(database, new Settings().group("g", "sales.*").with("groups.g.lock-timeout", "1h"));

    @BeforeEach
    void createView() throws SQLException {
        database.execute(Role.OWNER, """
            create schema sales;
            create table sales.orders (customer int, amount int not null);
            insert into sales.orders select i % 10, i from generate_series(1, 1000) i;
            grant usage, create on schema sales to viewkeeper_refresher;
            grant select on sales.orders to viewkeeper_refresher;
            """);
        database.execute(Role.REFRESHER, """
            create materialized view sales.totals as
              select customer, sum(amount) as total from sales.orders group by customer;
            create unique index on sales.totals (customer);
            """);
    }

    @AfterEach
    void closeReplica() {
        replica.close();
    }

    @Test
    void refreshesANewViewAtOnceAndConcurrently() throws SQLException {
        RefreshCompleted event = completed(replica.turn());
        assertThat(event.run().view()).isEqualTo(TOTALS);
        assertThat(event.run().method()).isEqualTo(RefreshMethod.CONCURRENT);
        assertThat(event.run().trigger()).isEqualTo(RefreshTrigger.SCHEDULE);
        assertThat(event.run().sequence()).isEqualTo(1);
        assertThat(event.run().database()).isEqualTo(database.name());
        assertThat(event.previousDataAsOf()).isNull();
        assertThat(event.run().dataAsOf())
                .isBetween(event.run().startedAt(), event.run().finishedAt());
        assertThat(strings("select status || ' ' || view_group || ' ' || attempt from analytics.view_refresh_log"))
                .containsExactly("completed g 1");
    }

    @Test
    void doesNothingUntilTheIntervalHasPassed() {
        replica.turn();
        assertThat(replica.turn()).isEmpty();
        replica.advance(Duration.ofMinutes(53));
        assertThat(replica.turn()).isEmpty();
        replica.advance(Duration.ofMinutes(8));
        assertThat(completed(replica.turn()).run().sequence()).isEqualTo(2);
    }

    @Test
    void tellsThatNothingChanged() {
        replica.turn();
        RefreshCompleted event = refreshAgain();
        assertThat(event.changed()).isFalse();
        assertThat(event.rowsInserted()).isZero();
        assertThat(event.rowsUpdated()).isZero();
        assertThat(event.rowsDeleted()).isZero();
    }

    @Test
    void countsTheRowsOfThisRefreshOnly() throws SQLException {
        replica.turn();
        database.execute(Role.OWNER, "update sales.orders set amount = amount + 1 where customer = 3 and amount < 10");
        RefreshCompleted event = refreshAgain();
        assertThat(event.changed()).isTrue();
        assertThat(List.of(event.rowsInserted(), event.rowsUpdated(), event.rowsDeleted()))
                .containsExactly(1L, 0L, 1L);
        // At once: the backend has not flushed its statistics of the refresh before.
        database.execute(Role.OWNER, "insert into sales.orders values (77, 1), (78, 1)");
        event = refreshAgain();
        assertThat(List.of(event.rowsInserted(), event.rowsUpdated(), event.rowsDeleted()))
                .containsExactly(2L, 0L, 0L);
    }

    @Test
    void historyAndEventAreOfOneRun() throws SQLException {
        RefreshCompleted event = completed(replica.turn());
        List<RefreshEvent> outbox = outbox();
        assertThat(outbox).containsExactly(event);
        assertThat(strings("select run_id::text from analytics.view_refresh_log"))
                .containsExactly(event.run().runId().toString());
        assertThat(strings("select event_sequence || ' ' || last_status from viewkeeper.view_state"))
                .containsExactly("1 completed");
    }

    @Test
    void aFailureIsRecordedAnnouncedAndTouchesNoOther() throws SQLException {
        database.execute(Role.REFRESHER, """
            create materialized view sales.inverse as
              select customer, sum(1000 / (amount - 500)) as x from sales.orders where amount <> 500 group by customer;
            create unique index on sales.inverse (customer);
            """);
        replica.turn();
        database.execute(Role.OWNER, "insert into sales.orders values (3, 500)");
        database.execute(Role.REFRESHER, """
            drop materialized view sales.inverse;
            create materialized view sales.inverse as
              select customer, sum(1000 / (amount - 500)) as x from sales.orders group by customer with no data;
            create unique index on sales.inverse (customer);
            """);
        replica.close();
        replica = new Replica(
                database, new Settings().group("g", "sales.*").with("groups.g.plain-refresh", "unpopulated"));
        replica.advance(Duration.ofHours(1));
        List<RefreshOutcome> outcomes = replica.turn();
        RefreshFailed failed = failed(outcomes);
        assertThat(failed.error().category()).isEqualTo(ErrorCategory.DATA_ERROR);
        assertThat(failed.error().sqlState()).isEqualTo("22012");
        assertThat(failed.consecutiveFailures()).isEqualTo(1);
        assertThat(failed.run().dataAsOf()).isNull();
        assertThat(outcomes).hasSize(2).anyMatch(RefreshOutcome.Completed.class::isInstance);
        assertThat(outbox()).contains(failed);
        assertThat(strings("select error_category || sqlstate from analytics.view_refresh_log where status = 'failed'"))
                .containsExactly("data_error22012");
    }

    @Test
    void aFailureMessageHoldsNoRowData() throws SQLException {
        database.execute(
                Role.OWNER,
                "create table sales.patients (name text); "
                        + "insert into sales.patients values ('SMITH, JANE'); grant select on sales.patients to viewkeeper_refresher");
        database.execute(Role.REFRESHER, """
            create materialized view sales.ages as select name::int as age from sales.patients with no data;
            create unique index on sales.ages (age);
            """);
        replica.close();
        replica = new Replica(
                database, new Settings().group("g", "sales.ages").with("groups.g.plain-refresh", "unpopulated"));
        RefreshFailed failed = failed(replica.turn());
        assertThat(failed.error().sqlState()).isEqualTo("22P02");
        assertThat(failed.error().message()).contains("invalid input syntax").doesNotContain("SMITH");
        assertThat(strings("select error_message from analytics.view_refresh_log where status = 'failed'")
                        .toString())
                .doesNotContain("SMITH");
    }

    @Test
    void aFailureInAFunctionNamesTheInnermostOne() throws SQLException {
        RefreshFailed failed = failedIn("""
            create function sales.share(whole int) returns int language plpgsql as $$ begin return 100 / whole; end $$;
            create function sales.outermost(whole int) returns int language plpgsql as $$ begin return sales.share(whole); end $$;
            """, "sales.outermost(amount - 500)");
        assertThat(failed.error().message()).isEqualTo("division by zero; in the function sales.share(integer)");
    }

    /** A name that is made of a value, in SQL that is made of it. */
    @Test
    void aFunctionThatExecutesATextSaysNoValue() throws SQLException {
        RefreshFailed failed = failedIn("""
            create function sales.looked_up(amount int) returns int language plpgsql as $$
              declare found int;
              begin
                execute format('select 1 from %I', 'tab_' || amount) into found;
                return found;
              end $$;
            """, "sales.looked_up(amount)");
        assertThat(failed.error().category()).isEqualTo(ErrorCategory.UNDEFINED_OBJECT);
        assertThat(failed.error().message())
                .isEqualTo("undefined_table; its text is withheld, for it may hold row data;"
                        + " in the function sales.looked_up(integer)");
    }

    @Test
    void aFunctionThatNoPrivilegeWouldHelpSaysSo() throws SQLException {
        RefreshFailed failed = failedIn("""
            create function sales.net(amount int) returns int language plpgsql as $$
              begin
                create temporary table if not exists seen (amount int);
                return amount;
              end $$;
            """, "sales.net(amount)");
        assertThat(failed.error().category()).isEqualTo(ErrorCategory.OTHER);
        assertThat(failed.error().sqlState()).isEqualTo("42501");
        assertThat(failed.error().message())
                .contains("in the function sales.net(integer)")
                .contains("no privilege helps");
    }

    private RefreshFailed failedIn(String functions, String call) throws SQLException {
        database.execute(Role.OWNER, functions);
        database.execute(
                Role.REFRESHER,
                "create materialized view sales.calls as select customer, " + call
                        + " as x from sales.orders with no data; create unique index on sales.calls (x)");
        replica.close();
        replica = new Replica(
                database, new Settings().group("g", "sales.calls").with("groups.g.plain-refresh", "unpopulated"));
        return failed(replica.turn());
    }

    /** Some providers keep the cluster's identifier to themselves. */
    @Test
    void refreshesWithoutTheClustersIdentifier() throws SQLException {
        assertThat(completed(replica.turn()).changed()).isTrue();
        database.execute(Role.SUPERUSER, "revoke execute on function pg_catalog.pg_control_system() from public");
        replica.advance(Duration.ofHours(1));
        assertThat(completed(replica.turn()).changed()).as("nobody knows").isTrue();
        assertThat(refreshAgain().changed()).isFalse();
        database.execute(Role.REFRESHER, "refresh materialized view sales.totals");
        assertThat(refreshAgain().changed()).isTrue();
    }

    @Test
    void waitsForALockNoLongerThanAllowedAndTriesAgainSoon() throws SQLException {
        replica.close();
        replica = new Replica(database, new Settings().group("g", "sales.*").with("groups.g.lock-timeout", "1s"));
        int failures;
        try (Connection other = database.connect(Role.REFRESHER)) {
            other.setAutoCommit(false);
            other.createStatement().execute("refresh materialized view concurrently sales.totals");
            RefreshFailed failed = failed(replica.turn());
            assertThat(failed.error().category()).isEqualTo(ErrorCategory.LOCK_TIMEOUT);
            assertThat(failed.error().retryable()).isTrue();
            assertThat(failed.nextAttemptAt())
                    .isBefore(failed.run().finishedAt().plus(Duration.ofSeconds(13)));
            failures = 1;
            // Nobody looks at the locks of a JVM that stands still until the wait is over.
            while (failed.run().lockWaitMillis() == 0 && failures < MOST_FAILURES) {
                replica.advance(Duration.ofMinutes(10));
                failed = failed(replica.turn());
                failures++;
            }
            assertThat(failed.run().lockWaitMillis()).isPositive();
            other.rollback();
        }
        replica.advance(Duration.ofMinutes(10));
        RefreshCompleted retried = completed(replica.turn());
        assertThat(retried.run().trigger()).isEqualTo(RefreshTrigger.RETRY);
        assertThat(retried.run().attempt()).isEqualTo(failures + 1);
        assertThat(retried.run().sequence()).isEqualTo(failures + 1);
    }

    @Test
    void aTerminatedBackendIsAFailureOfCategoryConnectionLost() throws SQLException {
        try (Connection other = database.connect(Role.REFRESHER)) {
            other.setAutoCommit(false);
            other.createStatement().execute("refresh materialized view concurrently sales.totals");
            replica.begin();
            terminateTheWaitingRefresh();
            RefreshFailed failed = failed(replica.end());
            assertThat(failed.error().category()).isEqualTo(ErrorCategory.CONNECTION_LOST);
            assertThat(failed.error().sqlState()).isNotNull();
            assertThat(failed.error().retryable()).isTrue();
        }
    }

    private void terminateTheWaitingRefresh() throws SQLException {
        awaitTheRefreshToWait();
        strings("select pg_terminate_backend(pid)::text" + WAITING_REFRESH);
    }

    private void awaitTheRefreshToWait() {
        Await.until(
                "the refresh waits for a lock",
                () -> !strings("select pid::text" + WAITING_REFRESH).isEmpty());
    }

    @Test
    void aRequestMadeWhileARefreshRunsIsNotLost() throws SQLException {
        replica.turn();
        database.execute(Role.OWNER, "select viewkeeper.request_refresh('g')");
        RefreshCompleted first = completed(replica.turn());
        assertThat(first.run().trigger()).isEqualTo(RefreshTrigger.REQUEST);
        try (Connection other = database.connect(Role.REFRESHER)) {
            other.setAutoCommit(false);
            other.createStatement().execute("refresh materialized view concurrently sales.totals");
            replica.advance(Duration.ofHours(2));
            replica.begin();
            awaitTheRefreshToWait();
            database.execute(Role.OWNER, "select viewkeeper.request_view_refresh('sales.totals')");
            replica.begin();
            other.rollback();
        }
        assertThat(completedEvents(replica.end()).stream()
                        .map(event -> event.run().trigger()))
                .containsExactly(RefreshTrigger.REQUEST, RefreshTrigger.SCHEDULE, RefreshTrigger.REQUEST);
    }

    @Test
    void aRequestForAnUnknownGroupIsRefusedWithAHint() {
        assertThatThrownBy(() -> database.execute(Role.OWNER, "select viewkeeper.request_refresh('nonsense')"))
                .hasMessageContaining("no materialized view belongs to the group \"nonsense\"");
    }

    private RefreshCompleted refreshAgain() {
        replica.advance(Duration.ofHours(1));
        return completed(replica.turn());
    }

    private static RefreshCompleted completed(List<RefreshOutcome> outcomes) {
        assertThat(outcomes).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
        return completedEvents(outcomes).getFirst();
    }

    private static List<RefreshCompleted> completedEvents(List<RefreshOutcome> outcomes) {
        var events = new ArrayList<RefreshCompleted>();
        for (RefreshOutcome outcome : outcomes) {
            if (outcome instanceof RefreshOutcome.Completed(var event)) {
                events.add(event);
            }
        }
        return events;
    }

    private static RefreshFailed failed(List<RefreshOutcome> outcomes) {
        for (RefreshOutcome outcome : outcomes) {
            if (outcome instanceof RefreshOutcome.Failed(var event)) {
                return event;
            }
        }
        throw new AssertionError("no refresh failed: " + outcomes);
    }

    private List<RefreshEvent> outbox() {
        return replica.database()
                .query(
                        "select type, payload::text as payload from viewkeeper.event_outbox where aggregatetype = 'refresh' order by position",
                        row -> EventReader.read(row.getString("type"), row.getString("payload")));
    }

    private List<String> strings(String sql) throws SQLException {
        try (Connection connection = database.connect(Role.SUPERUSER);
                var rows = connection.createStatement().executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
