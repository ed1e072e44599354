package io.viewkeeper.refresher;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.viewkeeper.refresher.refresh.ViewStatuses;
import io.viewkeeper.schema.database.Database;
import jakarta.inject.Inject;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
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

    @Inject
    Database database;

    @Inject
    ViewStatuses statuses;

    @Test
    void aRequestBySqlIsTakenAtOnceThoughTheLoopHardlyEverLooks() {
        await("the service listens").until(() -> number(LISTENERS) == 1);
        await("the first refresh has ended").until(() -> sequence() > 0);
        // The control: nobody is told, nobody looks. But for once, right after it began to listen.
        await("a request that nobody is told of is not taken")
                .during(Duration.ofSeconds(2))
                .until(() -> number(OPEN_REQUESTS) == 1 || database.update(QUIET_REQUEST) == 0);
        long before = sequence();
        database.update(REQUEST);
        await("both are taken").until(() -> number(OPEN_REQUESTS) == 0);
        await("the view is refreshed").until(() -> sequence() > before);
        assertThat(sequence()).isEqualTo(before + 1);
    }

    private long sequence() {
        return statuses.find("sales.good").map(view -> view.sequence()).orElse(0L);
    }

    private long number(String question) {
        return database.queryOne(question, row -> row.getLong(0));
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofMinutes(1));
    }
}
