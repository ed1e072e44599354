// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.fault.CuttingProxy.Cut;
import io.viewkeeper.refresher.run.RefreshOutcome;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.PostgresServer;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The network fails exactly while COMMIT is under way: the refresher cannot know whether it has taken place. */
@Tag("server")
class LostAnswerTest {
    private static final String REFRESH = "refresh materialized view concurrently \"w\".\"mark\"";
    private static final String CLAIM = "insert into viewkeeper.refresh_run";

    private CuttingProxy proxy;
    private Scene scene;
    private int before;

    @BeforeEach
    void settle() throws IOException, SQLException {
        var database = PostgresServer.shared().migratedDatabase();
        proxy = new CuttingProxy(database);
        scene = new Scene(database, proxy.database());
        scene.settleAndCheck();
        before = runsOfMark().size();
        scene.later();
    }

    @AfterEach
    void close() {
        scene.close();
        proxy.close();
    }

    @Test
    void aCommitWhoseAnswerIsLostIsOneCompletedRun() throws SQLException {
        var cut = cutAt(REFRESH);
        cut.forward().complete(true);
        assertThat(scene.outcomes())
                .contains(new RefreshOutcome.Skipped(RefreshOutcome.Skipped.Reason.ALREADY_RECORDED));
        assertOnlyNewRunsOfMark("completed");
        scene.settleAndCheck();
        assertThat(scene.failures()).isEmpty();
    }

    @Test
    void aCommitThatArrivesWhileItsFailureIsBeingRecordedIsOneCompletedRun() throws SQLException {
        var cut = cutAt(REFRESH);
        Await.until(
                "the failure waits for the transaction",
                () -> scene.workshop()
                                .strings(
                                        "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                                                + " and query like '/* viewkeeper:view-states */%'")
                                .size()
                        == 1);
        cut.forward().complete(true);
        assertThat(scene.outcomes())
                .contains(new RefreshOutcome.Skipped(RefreshOutcome.Skipped.Reason.ALREADY_RECORDED));
        assertOnlyNewRunsOfMark("completed");
        scene.settleAndCheck();
        assertThat(scene.failures()).isEmpty();
    }

    /** The negative control: the same moment, but nothing was committed. */
    @Test
    void aCommitThatNeverArrivesIsOneFailedRun() throws SQLException {
        var cut = cutAt(REFRESH);
        cut.forward().complete(false);
        scene.outcomes();
        assertOnlyNewRunsOfMark("failed");
        scene.settleAndCheck();
        assertThat(scene.failures()).containsExactly("connection_lost");
    }

    @Test
    void aClaimWhoseAnswerIsLostIsSettledByTheNextTurn() throws SQLException {
        var cut = cutAt(CLAIM);
        cut.forward().complete(true);
        cut.ended().join();
        assertThat(scene.workshop().strings("select view_name from viewkeeper.refresh_run"))
                .isNotEmpty();
        scene.settleAndCheck();
        assertThat(scene.failures()).isNotEmpty().containsOnly("connection_lost");
    }

    @Test
    void aClaimThatNeverArrivesHasNotBeen() throws SQLException {
        var cut = cutAt(CLAIM);
        cut.forward().complete(false);
        scene.outcomes();
        scene.settleAndCheck();
        assertThat(scene.failures()).isEmpty();
    }

    private Cut cutAt(String marker) {
        var cut = Cut.of(marker);
        proxy.cutNext(cut);
        scene.turnOfTheSecond();
        cut.cut().join();
        return cut;
    }

    private void assertOnlyNewRunsOfMark(String status) {
        assertThat(runsOfMark().stream().skip(before)).containsExactly(status);
    }

    private List<String> runsOfMark() {
        return scene.workshop()
                .strings("select status from analytics.view_refresh_log where view_name = 'mark' order by sequence");
    }
}
