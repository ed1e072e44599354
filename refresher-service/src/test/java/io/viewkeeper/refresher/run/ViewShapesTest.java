// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.status.ViewStatus;
import io.viewkeeper.refresher.status.ViewStatuses;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.ViewName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Views of other shapes than the reference workload's: refreshed, or refused with the reason. */
@Tag("server")
class ViewShapesTest {
    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();

    @BeforeEach
    void createSchema() throws SQLException {
        database.execute(
                Role.OWNER,
                "create schema \"Odd Schema\"; grant usage, create on schema \"Odd Schema\" to viewkeeper_refresher");
    }

    @Test
    void namesMayHoldAnyCharacters() throws SQLException {
        List<String> names = List.of(
                "MixedCase", "with space", "dot.ted", "quo\"te", "semi;colon--", "größe", "日本", "tab\tnew\nline");
        for (String name : names) {
            createView(new ViewName("Odd Schema", name), "(i)");
        }
        try (var replica = new Replica(database, new Settings().group("g", "Odd Schema.*"))) {
            assertThat(replica.turn()).hasSize(names.size()).allMatch(RefreshOutcome.Completed.class::isInstance);
        }
    }

    @Test
    void withoutAUsableUniqueIndexItIsRefusedWithTheReason() throws SQLException {
        createView(new ViewName("Odd Schema", "none"), null);
        createView(new ViewName("Odd Schema", "expression"), "((i + 1))");
        createView(new ViewName("Odd Schema", "partial"), "(i) where i > 0");
        try (var replica = new Replica(database, new Settings().group("g", "Odd Schema.*"))) {
            assertThat(replica.turn()).isEmpty();
            assertThat(new ViewStatuses(replica.database()).all())
                    .hasSize(3)
                    .allSatisfy(view -> assertThat(view.refusal())
                            .startsWith("not_concurrent_capable: ")
                            .contains("unique index"));
            database.execute(Role.REFRESHER, "create unique index on \"Odd Schema\".none (i)");
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
            assertThat(status(replica, "Odd Schema.none").refusal()).isNull();
        }
    }

    @Test
    void aPlainRefreshHappensOnlyWherePolicySaysSo() throws SQLException {
        createView(new ViewName("Odd Schema", "none"), null);
        var settings = new Settings().group("g", "Odd Schema.*").with("groups.g.plain-refresh", "when-needed");
        try (var replica = new Replica(database, settings)) {
            var event = replica.turn().stream()
                    .map(outcome -> ((RefreshOutcome.Completed) outcome).event())
                    .findFirst()
                    .orElseThrow();
            assertThat(event.run().method()).isEqualTo(RefreshMethod.PLAIN);
            assertThat(event.changed()).isTrue();
            assertThat(event.rowsInserted()).isNull();
        }
    }

    @Test
    void aViewNeverPopulatedIsFilledOnlyWherePolicySaysSo() throws SQLException {
        database.execute(Role.REFRESHER, """
            create materialized view "Odd Schema".empty as select 1 as i with no data;
            create unique index on "Odd Schema".empty (i);
            """);
        try (var replica = new Replica(database, new Settings().group("g", "Odd Schema.*"))) {
            assertThat(replica.turn()).isEmpty();
            assertThat(status(replica, "Odd Schema.empty").refusal()).contains("not populated");
        }
        var settings = new Settings().group("g", "Odd Schema.*").with("groups.g.plain-refresh", "unpopulated");
        try (var replica = new Replica(database, settings)) {
            assertThat(methodOf(replica.turn())).isEqualTo(RefreshMethod.PLAIN);
            replica.advance(Duration.ofHours(1));
            assertThat(methodOf(replica.turn())).isEqualTo(RefreshMethod.CONCURRENT);
        }
    }

    @Test
    void aViewOfSomebodyElseIsRefusedWithItsOwnersName() throws SQLException {
        database.execute(Role.SUPERUSER, """
            create materialized view "Odd Schema".foreign_one as select 1 as i;
            create unique index on "Odd Schema".foreign_one (i);
            """);
        try (var replica = new Replica(database, new Settings().group("g", "Odd Schema.*"))) {
            assertThat(replica.turn()).isEmpty();
            assertThat(status(replica, "Odd Schema.foreign_one").refusal())
                    .startsWith("insufficient_privilege: ")
                    .contains("postgres");
        }
    }

    @Test
    void whatTheOwnerCreatesInAnalyticsLaterIsRefreshedToo() throws SQLException {
        database.execute(Role.OWNER, """
            create materialized view analytics.later as select 1 as i;
            create unique index on analytics.later (i);
            """);
        try (var replica = new Replica(database, new Settings().group("g", "analytics.*"))) {
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
        }
    }

    @Test
    void aDroppedViewIsForgottenAndItsSuccessorsEventsGoOn() throws SQLException {
        var view = new ViewName("Odd Schema", "phoenix");
        createView(view, "(i)");
        try (var replica = new Replica(database, new Settings().group("g", "Odd Schema.*"))) {
            replica.turn();
            database.execute(Role.REFRESHER, "drop materialized view " + view.quoted());
            assertThat(replica.turn()).isEmpty();
            assertThat(new ViewStatuses(replica.database()).find(view.toString()))
                    .isEmpty();
            createView(view, "(i)");
            var outcomes = replica.turn();
            var event = ((RefreshOutcome.Completed) outcomes.getFirst()).event();
            assertThat(event.run().sequence()).isEqualTo(2);
            assertThat(event.previousDataAsOf())
                    .as("another view, though of one name")
                    .isNull();
        }
    }

    @Test
    void aViewOutsideEveryGroupIsShownAndLeftAlone() throws SQLException {
        createView(new ViewName("Odd Schema", "alone"), "(i)");
        try (var replica = new Replica(database, new Settings().group("g", "analytics.*"))) {
            assertThat(replica.turn()).isEmpty();
            assertThat(status(replica, "Odd Schema.alone").group()).isNull();
        }
    }

    @Test
    void anEmptyDatabaseIsNoProblem() {
        try (var replica = new Replica(database, new Settings().group("g", "*"))) {
            assertThat(replica.turn()).isEmpty();
        }
    }

    private static RefreshMethod methodOf(List<RefreshOutcome> outcomes) {
        return ((RefreshOutcome.Completed) outcomes.getFirst()).event().run().method();
    }

    private static ViewStatus status(Replica replica, String name) {
        Optional<ViewStatus> status = new ViewStatuses(replica.database()).find(name);
        return status.orElseThrow(() -> new AssertionError(name + " is not known"));
    }

    private void createView(ViewName name, @Nullable String uniqueIndex) throws SQLException {
        database.execute(
                Role.REFRESHER,
                "create materialized view " + name.quoted() + " as select i from generate_series(1, 10) i;"
                        + (uniqueIndex == null ? "" : "create unique index on " + name.quoted() + " " + uniqueIndex));
    }
}
