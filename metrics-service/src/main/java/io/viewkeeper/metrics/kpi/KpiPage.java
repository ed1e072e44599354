package io.viewkeeper.metrics.kpi;

import io.viewkeeper.metrics.kpi.Kpi.Worse;
import java.math.BigDecimal;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** The KPIs as a terminal shows them. */
final class KpiPage {
    private KpiPage() {}

    static String of(String database, List<KpiStatus> statuses) {
        var page = new StringBuilder();
        page.append("KPIs of ")
                .append(database.isEmpty() ? "a database that was not read yet" : plain(database))
                .append("\n\n");
        page.append(line("KPI", "VERDICT", "VALUE", "TARGET", "ALERT", "SINCE"));
        for (var status : statuses) {
            page.append(line(
                    status.kpi().label(),
                    status.verdict().label(),
                    value(status),
                    (higherIsWorse(status) ? "<= " : ">= ")
                            + number(status.limits().target()),
                    (higherIsWorse(status) ? "> " : "< ")
                            + number(status.limits().alert()),
                    status.since().truncatedTo(ChronoUnit.SECONDS) + (status.sinceStart() ? " or before" : "")));
            String reason = status.measurement().reason();
            if (reason != null) {
                page.append("  ").append(plain(reason)).append('\n');
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

    /** With its unit. */
    static String value(KpiStatus status) {
        var value = status.measurement().value();
        if (value.isEmpty()) {
            return "unknown";
        }
        if (Double.isInfinite(value.getAsDouble())) {
            return "infinite";
        }
        return switch (status.kpi().unit()) {
            case MILLISECONDS -> rounded("%.1f ms", value.getAsDouble());
            case RATIO -> rounded("%.4f", value.getAsDouble());
            case PERCENT -> rounded("%.1f %%", value.getAsDouble());
            case MINUTES -> rounded("%.1f minutes", value.getAsDouble());
        };
    }

    private static String rounded(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** As a person writes it: 100, 0.95. */
    static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** Names of databases and views may hold what moves a cursor. */
    private static String plain(String text) {
        var safe = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> safe.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
        return safe.toString();
    }
}
