package io.viewkeeper.refresher;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Tag("server")
@Isolated
@QuarkusTest
@WithTestResource(ServersWithoutTick.class)
class WakeUpTest {
    private static final String REQUEST = "select viewkeeper.request_view_refresh('sales.good')";

    private static final String QUIET_REQUEST = """
        insert into viewkeeper.refresh_request (view_schema, view_name)
        values ('sales', 'good')
        """;

    private static final String OPEN_REQUESTS = """
        select count(*)
        from viewkeeper.refresh_request
        where taken_at is null
        """;

    private static final String LISTENERS = """
        select count(*)
        from pg_stat_activity
        where datname = current_database()
          and query like '/* viewkeeper:notifications */%'
        """;

    @Nullable
    SandboxDatabase injectedDatabase;

    @Test
    void aRequestBySqlIsTakenAtOnceThoughTheLoopHardlyEverLooks() {
        var outcomes = new Outcomes(injectedDatabase);
        Await.until("the service listens", () -> outcomes.number(LISTENERS) == 1);
        Await.until("the first refresh has ended", () -> outcomes.sequence() > 0);
        // A service that is deaf for a while looks once when it hears again; one whose turn fails looks in an hour.
        Await.until("a request is taken by a service that neither was deaf nor failed", () -> {
            try (var log = new LogLines()) {
                return isTakenUndisturbed(outcomes, log);
            }
        });
    }

    private static boolean isTakenUndisturbed(Outcomes outcomes, LogLines log) {
        // The control: nobody is told, nobody looks. But for once, right after it began to listen.
        var quietSince = new AtomicLong(System.nanoTime());
        Await.until("a request that nobody is told of is not taken", () -> {
            if (outcomes.number(OPEN_REQUESTS) != 1) {
                outcomes.update(QUIET_REQUEST);
                quietSince.set(System.nanoTime());
            }
            return System.nanoTime() - quietSince.get() > Duration.ofSeconds(1).toNanos();
        });
        long before = outcomes.sequence();
        outcomes.update(REQUEST);
        Await.until("both are taken", () -> outcomes.number(OPEN_REQUESTS) == 0 || isDisturbed(log));
        Await.until("the view is refreshed", () -> outcomes.sequence() > before || isDisturbed(log));
        if (isDisturbed(log)) {
            return false;
        }
        assertThat(outcomes.sequence()).isEqualTo(before + 1);
        return true;
    }

    private static boolean isDisturbed(LogLines log) {
        return log.lines().stream().anyMatch(line -> line.contains("notifications=") || line.contains("loop="));
    }
}
