// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions are terminated at random moments while two replicas refresh views whose tables change. */
@Tag("server")
class TerminationsTest {
    private static final long SEED = 20_251_122;

    @Test
    void whateverIsCutOffIsRecordedOnceAndRedone() throws SQLException {
        whateverIsCutOffIsRecordedOnceAndRedone(6);
    }

    @Test
    @Tag("release")
    void whateverIsCutOffInTwentyRoundsIsRecordedOnceAndRedone() throws SQLException {
        whateverIsCutOffIsRecordedOnceAndRedone(20);
    }

    private static void whateverIsCutOffIsRecordedOnceAndRedone(int rounds) throws SQLException {
        var random = new Random(SEED);
        try (var scene = new Scene(PostgresServer.shared().migratedDatabase());
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            scene.settleAndCheck();
            scene.pace(0.4);
            for (int round = 0; round < rounds; round++) {
                terminate(scene, termination(random), executor);
            }
            // Which moment is hit is not in our hands.
            Await.until("enough was cut off", () -> {
                var failures = scene.failures();
                if (failures.size() > rounds / 4 && failures.contains("connection_lost")) {
                    return true;
                }
                terminate(scene, termination(random), executor);
                return false;
            });
            scene.pace(0);
            scene.settleAndCheck();
            assertThat(scene.failures()).doesNotContain("orphaned");
        }
    }

    private static void terminate(Scene scene, String termination, Executor executor) {
        scene.later();
        scene.change();
        var terminated = CompletableFuture.runAsync(() -> scene.workshop().strings(termination), executor);
        scene.turns();
        scene.change();
        terminated.join();
        scene.turns();
        scene.outcomes();
    }

    /** The pause is the server's: which moment it hits is what is random. */
    private static String termination(Random random) {
        var victims = switch (random.nextInt(3)) {
            case 0 -> "one";
            case 1 -> "two";
            default -> "%";
        };
        return """
            select pg_sleep(%s), (
              select count(pg_terminate_backend(pid))
              from pg_stat_activity
              where datname = current_database()
                and usename = 'viewkeeper_refresher'
                and application_name like '%s'
            )
            """.formatted(random.nextInt(400) / 1000.0, victims);
    }
}
