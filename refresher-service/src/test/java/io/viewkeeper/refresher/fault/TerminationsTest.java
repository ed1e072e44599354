package io.viewkeeper.refresher.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.PostgresServer;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions are terminated at random moments while two replicas refresh views whose tables change. */
@Tag("server")
class TerminationsTest {
    private static final int ROUNDS = 20;
    private static final long SEED = 20_251_122;

    @Test
    void whateverIsCutOffIsRecordedOnceAndRedone() throws SQLException {
        var random = new Random(SEED);
        try (var scene = new Scene(PostgresServer.shared().migratedDatabase());
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            scene.settleAndCheck();
            scene.pace(0.4);
            for (int round = 0; round < ROUNDS; round++) {
                scene.later();
                scene.change();
                var termination = termination(random);
                var terminated =
                        CompletableFuture.runAsync(() -> scene.workshop().strings(termination), executor);
                scene.turns();
                scene.change();
                terminated.join();
                scene.turns();
                scene.outcomes();
            }
            scene.pace(0);
            scene.settleAndCheck();
            assertThat(scene.failures())
                    .hasSizeGreaterThan(ROUNDS / 4)
                    .contains("connection_lost")
                    .doesNotContain("orphaned");
        }
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
