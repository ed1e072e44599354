// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a look does for the views that were refreshed. */
@Tag("server")
class ViewVacuumTest {
    private static final Duration PLENTY = Duration.ofMinutes(10);

    @Test
    void aRefreshedViewIsVacuumedWhereThatPaysAndMayBeDone() {
        var vacuumed = Shop.on(PostgresVersion.newest());
        var optimizer = Optimizer.of(vacuumed.where(), "one", PLENTY);
        vacuumed.mark();
        assertThat(vacuums(optimizer))
                .singleElement()
                .asString()
                .contains("skipped")
                .contains("may not vacuum it");
        vacuumed.execute(Role.SUPERUSER, "grant maintain on shop.totals to viewkeeper_optimizer");
        vacuumed.execute(Role.REFRESHER, """
                insert into viewkeeper.refresh_run (
                  run_id, view_schema, view_name, view_oid, view_group, trigger, attempt, scheduled_at, instance, process_id)
                values (gen_random_uuid(), 'shop', 'totals', 1, 'g', 'schedule', 1, now(), 'i', gen_random_uuid())
                """);
        vacuumed.mark();
        assertThat(vacuums(optimizer)).singleElement().asString().contains("a refresh of it is running");
        vacuumed.execute(Role.REFRESHER, "delete from viewkeeper.refresh_run");
        vacuumed.mark();
        assertThat(vacuums(optimizer)).singleElement().asString().contains("completed");
        vacuumed.mark();
        assertThat(vacuums(optimizer)).isEmpty();
        assertThat(optimizer
                        .database()
                        .query(
                                "select status from maintenance.index_maintenance_log order by maintenance_time",
                                row -> row.getString(0)))
                .containsExactly("skipped", "skipped", "completed");
    }

    @Test
    void before17OnlyItsOwnerMayVacuumAView() {
        var old = Shop.on(PostgresVersion.V15);
        var optimizer = Optimizer.of(old.where(), "one", PLENTY);
        old.mark();
        assertThat(vacuums(optimizer)).singleElement().asString().contains("may not vacuum it");
        old.execute(Role.SUPERUSER, "alter materialized view shop.totals owner to viewkeeper_optimizer");
        old.mark();
        assertThat(vacuums(optimizer)).singleElement().asString().contains("completed");
    }

    private static List<String> vacuums(Optimizer optimizer) {
        return optimizer
                .looks()
                .look(optimizer.parts().marks().ripe(), () -> true)
                .vacuums();
    }
}
