// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.sqlclient.Pool;
import io.viewkeeper.refresher.Replica;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Notifications;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** What the server says when it ends a session goes through the log or nowhere. */
@Tag("server")
class QuietEndTest {
    private static final String STACK = "io.vertx.pgclient.PgException";

    private final SandboxDatabase where = PostgresServer.shared().migratedDatabase();
    private final Pool pool = Replica.pool(where, Role.REFRESHER);

    @AfterEach
    void close() {
        var _ = pool.close();
    }

    @Test
    @ResourceLock(Resources.SYSTEM_ERR)
    void nothingIsPrintedPastTheLog() throws SQLException {
        var console = System.err;
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, UTF_8));
        try {
            endOfAnIdleSession();
            assertThat(printed.toString(UTF_8)).doesNotContain(STACK);
            endOfOneThatIsNotOurs();
            assertThat(printed.toString(UTF_8)).as("the control").contains(STACK);
        } finally {
            System.setErr(console);
        }
    }

    private void endOfAnIdleSession() throws SQLException {
        var hears = new CompletableFuture<Void>();
        var lost = new CompletableFuture<String>();
        var notifications = new Notifications(pool, Await.PATIENCE, new Notifications.Listener() {
            @Override
            public void heard(String payload) {
                // Nobody says anything.
            }

            @Override
            public void listening() {
                hears.complete(null);
            }

            @Override
            public void deaf(String reason) {
                lost.complete(reason);
            }
        });
        notifications.start();
        Await.until("it listens", hears::isDone);
        endSessions();
        Await.until("its end is noticed", lost::isDone);
        notifications.stop();
    }

    private void endOfOneThatIsNotOurs() throws SQLException {
        var closed = new CompletableFuture<Void>();
        var connection =
                pool.getConnection().toCompletionStage().toCompletableFuture().join();
        connection.closeHandler(_ -> closed.complete(null));
        endSessions();
        Await.until("it is closed", closed::isDone);
    }

    private void endSessions() throws SQLException {
        where.execute(Role.SUPERUSER, """
            select pg_terminate_backend(pid)
            from pg_stat_activity
            where datname = current_database()
              and pid <> pg_backend_pid()
            """);
    }
}
