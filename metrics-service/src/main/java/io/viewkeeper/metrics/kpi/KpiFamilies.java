// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import io.viewkeeper.metrics.exposition.Family;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.metrics.exposition.FamilySource;
import jakarta.annotation.Priority;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The KPIs as series: what rules and dashboards compare with. */
@Singleton
@Priority(95)
class KpiFamilies implements FamilySource {
    private static final List<String> LABELS = List.of("database", "kpi");

    private final KpiBoard board;

    KpiFamilies(KpiBoard board) {
        this.board = board;
    }

    @Override
    public List<Family> families() {
        return List.of(
                family(
                        "viewkeeper_kpi_value",
                        "What the KPI measures, in its unit (see GET /kpis); absent if unknown",
                        status -> status.measurement().value()),
                family(
                        "viewkeeper_kpi_target",
                        "What the KPI ought to be",
                        status -> OptionalDouble.of(status.limits().target())),
                family(
                        "viewkeeper_kpi_alert_threshold",
                        "Beyond this the KPI is critical",
                        status -> OptionalDouble.of(status.limits().alert())),
                family(
                        "viewkeeper_kpi_verdict",
                        "0 ok, 1 worse than the target, 2 worse than the alert threshold; absent if unknown",
                        status -> status.verdict().number().stream()
                                .mapToDouble(number -> number)
                                .findFirst()));
    }

    private Family family(String name, String help, Function<KpiStatus, OptionalDouble> value) {
        String database = board.database();
        var points = new ArrayList<Point>();
        if (!database.isEmpty()) {
            for (var status : board.statuses()) {
                value.apply(status)
                        .ifPresent(number -> points.add(
                                new Point(List.of(database, status.kpi().label()), number)));
            }
        }
        return new Family(name, Kind.GAUGE, help, LABELS, points, 0);
    }
}
