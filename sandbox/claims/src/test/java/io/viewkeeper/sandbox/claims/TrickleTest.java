// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class TrickleTest {
    @Test
    void everyTickGivesEveryViewSomethingToRefresh() throws SQLException {
        SandboxDatabase database = PostgresServer.shared().claimsDatabase();
        GeneratorOptions options = GeneratorOptions.of(42, 3_000, Instant.now());
        ClaimsLoader.load(() -> database.connect(Role.OWNER), options, LoadProgress.SILENT);
        var trickle = new Trickle(options, Clock.systemUTC());
        try (Connection owner = database.connect(Role.OWNER);
                Connection refresher = database.connect(Role.REFRESHER)) {
            ViewSnapshot before = ViewSnapshot.refreshed(refresher);
            for (int i = 0; i < 5; i++) {
                Trickle.Tick tick = trickle.tick(owner);
                assertThat(tick.arrived()).isPositive();
                assertThat(tick.processed()).isPositive();
                assertThat(tick.reversed()).isPositive();
            }
            ViewSnapshot after = ViewSnapshot.refreshed(refresher);
            for (String view : ViewSnapshot.VIEWS) {
                assertThat(after.rowsByView().get(view))
                        .as(view)
                        .isNotEqualTo(before.rowsByView().get(view));
            }
        }
    }
}
