// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.pooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.database.TransactionSettings;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** They hold for whatever is asked of the database, and for nobody who gets the backend next. */
@Tag("server")
class TransactionSettingsTest {
    private static final String IN_FORCE =
            "select current_setting('statement_timeout') || ' ' || current_setting('transaction_read_only')";

    private final Pool pool = Replica.pool(PostgresServer.shared().migratedDatabase(), Role.REFRESHER);
    private final Database next = new Database(pool, Await.PATIENCE);
    private final Database database = new Database(
            pool,
            Await.PATIENCE,
            new TransactionSettings(Map.of("statement_timeout", "17min", "default_transaction_read_only", "on")));

    @AfterEach
    void close() {
        assertThat(inForce(next)).isEqualTo("0 off");
        var _ = pool.close();
    }

    @Test
    void ofAStatementAlone() {
        assertThat(inForce(database)).isEqualTo("17min on");
        assertThat(inForce(next)).isEqualTo("0 off");
        String both = database.inSession(session -> inForce(session) + ", " + inForce(session.within(Await.PATIENCE)));
        assertThat(both).isEqualTo("17min on, 17min on");
    }

    @Test
    void ofATransaction() {
        String both = database.inTransaction(session -> inForce(session) + ", " + inForce(session));
        assertThat(both).isEqualTo("17min on, 17min on");
    }

    @Test
    void ofATransactionThatTheWorkBeginsAndEnds() {
        String both = database.inSession(session -> {
            session.begin("begin read write");
            session.command("set local statement_timeout = '18min'", Await.PATIENCE);
            String changed = inForce(session);
            session.discard();
            return changed + ", " + inForce(session);
        });
        assertThat(both).isEqualTo("18min on, 17min on");
    }

    @Test
    void whatFailsLeavesNoTransactionBehind() {
        assertThatThrownBy(() -> database.queryOne("select 1 / 0", row -> row))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("22012");
        assertThat(inForce(next)).isEqualTo("0 off");
        assertThatThrownBy(() -> database.update("delete from viewkeeper.view_state"))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("25006");
        assertThat(inForce(database)).isEqualTo("17min on");
    }

    @Test
    void oneThatTheServerDoesNotKnowIsSaidAndLeavesNothingBehind() {
        var wrong = new Database(pool, Await.PATIENCE, new TransactionSettings(Map.of("statement_timeout", "soon")));
        assertThatThrownBy(() -> inForce(wrong))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("22023");
    }

    private static String inForce(Database database) {
        return database.inSession(TransactionSettingsTest::inForce);
    }

    private static String inForce(Session session) {
        return session.queryOne(IN_FORCE, row -> row.getString(0));
    }
}
