// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.schema.database.Isolation;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The session in which a refresh happens is as the settings want it, whatever database and role preset. */
@Tag("server")
class RefreshSessionTest {
    private final Workshop workshop = new Workshop();

    @Test
    void isolationIsNotWhatTheDatabasePresets() throws SQLException {
        workshop.database()
                .execute(
                        Role.SUPERUSER,
                        "alter database " + workshop.database().name()
                                + " set default_transaction_isolation = 'serializable'");
        workshop.view("v", "select 1 as k, current_setting('transaction_isolation') as isolation");
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*"))) {
            assertThat(replica.turn()).singleElement().isInstanceOf(RefreshOutcome.Completed.class);
            assertThat(workshop.string("select isolation from w.v")).isEqualTo("read committed");
            String together = replica.database()
                    .inTransaction(
                            Isolation.REPEATABLE_READ,
                            session -> session.queryOne("show transaction_isolation", row -> row.getString(0)));
            assertThat(together).isEqualTo("repeatable read");
        }
    }

    @Test
    void anOffsetIsEastOfGreenwichAsItIsForCron() {
        String midday = "select 1 as k, '2026-01-01 12:00:00Z'::timestamptz::timestamp::text as t";
        var settings = new Settings().group("g", "w.*");
        String[] zones = {"+05:30", "-03:00", "UTC+5", "Etc/GMT+5", "Z", "Asia/Kolkata"};
        for (int zone = 0; zone < zones.length; zone++) {
            workshop.view("v" + zone, midday);
            settings.with("views.\"w.v" + zone + "\".time-zone", zones[zone]);
        }
        try (var replica = new Replica(workshop.database(), settings)) {
            assertThat(replica.turn()).hasSize(zones.length).allMatch(RefreshOutcome.Completed.class::isInstance);
        }
        assertThat(workshop.strings("select t from w.v0 union all select t from w.v1 union all select t from w.v2"
                        + " union all select t from w.v3 union all select t from w.v4 union all select t from w.v5"))
                .containsExactly(
                        "2026-01-01 17:30:00",
                        "2026-01-01 09:00:00",
                        "2026-01-01 17:00:00",
                        "2026-01-01 07:00:00",
                        "2026-01-01 12:00:00",
                        "2026-01-01 17:30:00");
    }
}
