// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who reads a view neither fails nor waits because it is refreshed. */
@Tag("server")
class ReadersTest {
    private static final int QUICK_VIEWS = 9;
    private static final String SLOW = "sales.slow";

    /** Half a second under the view's lock, however fast the machine is. */
    private static final String SLOW_VIEW = """
        create materialized view sales.slow as
          select o.i, o.amount from sales.orders o cross join (select pg_sleep(0.5)) s;
        create unique index on sales.slow (i);
        """;

    private final SandboxDatabase database = PostgresServer.shared().migratedDatabase();

    @BeforeEach
    void createViews() throws SQLException {
        database.execute(Role.OWNER, """
            create schema sales;
            create table sales.orders as select i, i as amount from generate_series(1, 1000) i;
            grant usage, create on schema sales to viewkeeper_refresher;
            grant select on sales.orders to viewkeeper_refresher;
            """);
        database.execute(Role.REFRESHER, SLOW_VIEW);
        for (int i = 0; i < QUICK_VIEWS; i++) {
            database.execute(Role.REFRESHER, """
                create materialized view sales.quick_%1$d as
                  select i %% 100 as customer, sum(amount) as total from sales.orders group by 1;
                create unique index on sales.quick_%1$d (customer);
                """.formatted(i));
        }
    }

    @Test
    void noReaderFailsOrWaitsDuringRefreshes() throws SQLException {
        noReaderFailsOrWaitsDuring(40);
    }

    @Test
    @Tag("release")
    void noReaderFailsOrWaitsDuringTwoHundredRefreshes() throws SQLException {
        noReaderFailsOrWaitsDuring(200);
    }

    private void noReaderFailsOrWaitsDuring(int wanted) throws SQLException {
        List<String> views = Stream.concat(
                        Stream.of(SLOW), IntStream.range(0, QUICK_VIEWS).mapToObj(i -> "sales.quick_" + i))
                .toList();
        int refreshes = 0;
        try (var replica = new Replica(database, new Settings().group("g", "sales.*"));
                var reader = Reader.of(database, views)) {
            while (refreshes < wanted) {
                database.execute(Role.OWNER, "update sales.orders set amount = amount + 1 where i % 3 = 0");
                var outcomes = replica.turn();
                assertThat(outcomes).allMatch(RefreshOutcome.Completed.class::isInstance);
                refreshes += outcomes.size();
                replica.advance(Duration.ofHours(1));
            }
            // The reader's thread may have had less time than ours.
            Await.until("all views were read more often than refreshed, and during a refresh, or never again", () -> {
                replica.turn();
                replica.advance(Duration.ofHours(1));
                boolean often = reader.rounds() > wanted / views.size();
                return reader.failure() != null || (often && reader.readsDuringARefresh() > 0);
            });
            assertThat(reader.failure()).isNull();
            assertThat(replica.database()
                            .query(
                                    "select distinct method from analytics.view_refresh_log",
                                    row -> row.getString("method")))
                    .containsExactly("concurrent");
        }
    }

    @Test
    void theSameReaderMeetsARefreshThatBlocks() {
        var settings = new Settings().group("g", SLOW).with("groups.g.plain-refresh", "always");
        try (var replica = new Replica(database, settings);
                var reader = Reader.of(database, List.of(SLOW))) {
            Await.until("the reader has met one", () -> {
                replica.turn();
                replica.advance(Duration.ofHours(1));
                return reader.failure() != null;
            });
            assertThat(reader.failure()).contains("lock timeout");
        }
    }
}
