// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.refresher.Replica;
import io.viewkeeper.refresher.Settings;
import io.viewkeeper.refresher.Workshop;
import io.viewkeeper.sandbox.server.Role;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One view that cannot be handled keeps no other from being refreshed. */
@Tag("server")
class OddNamesTest {

    /** Bytes that are no text in any encoding that a client could ask for. */
    @Test
    void aNameThatIsNoTextIsLeftOut() throws SQLException {
        var workshop = new Workshop();
        // Nothing in it but ASCII so far, which is the same in both.
        workshop.database()
                .execute(
                        Role.SUPERUSER,
                        "update pg_catalog.pg_database set encoding = pg_catalog.pg_char_to_encoding('SQL_ASCII')"
                                + " where datname = pg_catalog.current_database()");
        assertThat(workshop.string("select pg_catalog.getdatabaseencoding()")).isEqualTo("SQL_ASCII");
        workshop.view("plain", "select 1 as k").asRefresher("""
                    do $do$
                    begin
                      execute format('create materialized view w.%I as select 1 as k', E'caf\\351');
                      execute format('create unique index on w.%I (k)', E'caf\\351');
                      execute format('create materialized view w.%I as select 1 as k', 'café');
                      execute format('create unique index on w.%I (k)', 'café');
                    end
                    $do$
                    """);
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*", "1m"))) {
            for (int round = 0; round < 3; round++) {
                assertThat(replica.turn()).hasSize(2);
                replica.advance(Duration.ofMinutes(2));
            }
            assertThat(workshop.strings(
                            "select view_name from viewkeeper.view_state where event_sequence = 3 order by 1"))
                    .containsExactly("café", "plain");
        }
    }

    /** Whatever it is that the register does not take of one. */
    @Test
    void aViewThatCannotBeRegisteredKeepsNoOtherFromIt() {
        var workshop = new Workshop();
        for (int i = 0; i < 20; i++) {
            workshop.view("v" + i, "select 1 as k");
        }
        workshop.asOwner("alter table viewkeeper.view_state add constraint odd check (view_name not in ('v7', 'v13'))");
        try (var replica = new Replica(workshop.database(), new Settings().group("g", "w.*", "1m"))) {
            assertThat(replica.turn()).hasSize(18);
            replica.advance(Duration.ofMinutes(2));
            assertThat(replica.turn()).hasSize(18);
            workshop.asOwner("alter table viewkeeper.view_state drop constraint odd");
            replica.advance(Duration.ofMinutes(2));
            assertThat(replica.turn()).hasSize(20);
        }
    }
}
