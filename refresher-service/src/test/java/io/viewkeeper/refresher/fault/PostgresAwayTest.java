// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.database.DatabaseException;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** PostgreSQL is stopped, killed or made read-only while views are refreshed. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresAwayTest {
    private static final String END_SESSIONS = """
        select pg_terminate_backend(pid)
        from pg_stat_activity
        where datname = current_database()
          and pid <> pg_backend_pid()
        """;

    private final PostgresServer server = PostgresServer.start(PostgresOptions.temporary());

    @BeforeAll
    void makeTheTemplate() {
        var _ = server.migratedDatabase();
    }

    @AfterAll
    void close() {
        server.close();
    }

    @Test
    void restarted() throws SQLException {
        awayDuringARefresh(PostgresServer::stop);
    }

    @Test
    void killed() throws SQLException {
        awayDuringARefresh(PostgresServer::kill);
    }

    private void awayDuringARefresh(Consumer<PostgresServer> fault) throws SQLException {
        try (var scene = new Scene(server.migratedDatabase())) {
            aRefreshIsUnderWay(scene);
            fault.accept(server);
            assertThat(scene.outcomes())
                    .as("nothing could be written")
                    .hasAtLeastOneElementOfType(RefreshOutcome.Unrecorded.class);
            scene.turns();
            assertThat(scene.refusals()).as("turns without PostgreSQL").hasSize(2);
            server.restart();
            scene.pace(0);
            scene.settleAndCheck();
            assertThat(scene.failures()).contains("connection_lost").doesNotContain("orphaned");
        }
    }

    @Test
    void readOnlyForAWhile() throws SQLException {
        try (var scene = new Scene(server.migratedDatabase())) {
            aRefreshIsUnderWay(scene);
            setReadOnly(scene, "on");
            assertThat(scene.outcomes()).hasAtLeastOneElementOfType(RefreshOutcome.Unrecorded.class);
            // A session that was ended may be noticed a moment later, by who uses it.
            Await.until("a turn is refused", () -> {
                scene.turns();
                return scene.refusals().stream().anyMatch(PostgresAwayTest::isReadOnly);
            });
            assertThat(scene.refusals())
                    .allMatch(
                            refused -> isReadOnly(refused) || refused.sqlState().connectionLost());
            setReadOnly(scene, "off");
            scene.pace(0);
            scene.settleAndCheck();
            assertThat(scene.failures()).contains("connection_lost");
        }
    }

    private static boolean isReadOnly(DatabaseException refused) {
        return refused.sqlState().code().equals("25006");
    }

    /** As an administrator does it: sessions that exist keep the setting that they began with. */
    private static void setReadOnly(Scene scene, String onOrOff) throws SQLException {
        var database = scene.workshop().database();
        try (var connection = database.connect(Role.SUPERUSER)) {
            var statement = connection.createStatement();
            statement.execute("set default_transaction_read_only = off");
            statement.execute("alter database " + database.name() + " set default_transaction_read_only = " + onOrOff);
            if (onOrOff.equals("on")) {
                statement.execute(END_SESSIONS);
            }
        }
    }

    private static void aRefreshIsUnderWay(Scene scene) throws SQLException {
        scene.settleAndCheck();
        scene.pace(3600);
        scene.later();
        scene.turns();
        scene.workshop().awaitRefreshOf("slow");
    }
}
