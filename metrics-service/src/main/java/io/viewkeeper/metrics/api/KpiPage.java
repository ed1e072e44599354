// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.api;

import io.viewkeeper.metrics.kpi.Kpi.Worse;
import io.viewkeeper.metrics.kpi.KpiStatus;
import io.viewkeeper.metrics.kpi.Limits;
import io.viewkeeper.schema.service.http.Terminal;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The KPIs as a terminal shows them. */
final class KpiPage {
    private KpiPage() {}

    static String of(String database, List<KpiStatus> statuses) {
        var page = new StringBuilder();
        page.append("KPIs of ")
                .append(database.isEmpty() ? "a database that was not read yet" : Terminal.plain(database))
                .append("\n\n");
        page.append(line("KPI", "VERDICT", "VALUE", "TARGET", "ALERT", "SINCE"));
        for (var status : statuses) {
            page.append(line(
                    status.kpi().label(),
                    status.verdict().label(),
                    status.value(),
                    (higherIsWorse(status) ? "<= " : ">= ")
                            + Limits.number(status.limits().target()),
                    (higherIsWorse(status) ? "> " : "< ")
                            + Limits.number(status.limits().alert()),
                    status.since().truncatedTo(ChronoUnit.SECONDS) + (status.sinceStart() ? " or before" : "")));
            String reason = status.measurement().reason();
            if (reason != null) {
                page.append("  ").append(Terminal.plain(reason)).append('\n');
            }
        }
        return page.toString();
    }

    private static String line(String... columns) {
        return "%-20s%-10s%-14s%-12s%-12s%s".formatted((Object[]) columns).stripTrailing() + "\n";
    }

    private static boolean higherIsWorse(KpiStatus status) {
        return status.kpi().worse() == Worse.HIGHER;
    }
}
