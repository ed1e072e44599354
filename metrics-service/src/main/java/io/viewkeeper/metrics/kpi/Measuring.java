package io.viewkeeper.metrics.kpi;

import io.viewkeeper.metrics.database.DatabaseFigures;
import io.viewkeeper.metrics.freshness.Freshness;
import io.viewkeeper.metrics.freshness.ViewAge;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** Takes the values of the KPIs from what the other features hold in memory. */
@Singleton
class Measuring {
    private static final String NOT_READ = "The database has not been read yet.";
    private static final String NO_STATEMENT =
            "No statement was counted in the last five minutes, or pg_stat_statements cannot be read.";
    private static final String NO_BLOCK =
            "No block was asked for in the last five minutes, or the statistics cannot be read.";
    private static final String NO_SCAN =
            "No larger table was scanned in the last five minutes, or the statistics cannot be read.";

    private final DatabaseFigures figures;
    private final Freshness freshness;

    Measuring(DatabaseFigures figures, Freshness freshness) {
        this.figures = figures;
        this.freshness = freshness;
    }

    /** The name of the database; empty until it was read. */
    String database() {
        return freshness.database();
    }

    Measurement measure(Limits limits) {
        if (!freshness.isRebuilt()) {
            return Measurement.unknown(NOT_READ);
        }
        return switch (limits.kpi()) {
            case AVERAGE_QUERY_TIME -> Measurement.of(figures.averageQueryMillis(), NO_STATEMENT);
            case CACHE_HIT_RATIO -> Measurement.of(figures.bufferCacheHitRatio(), NO_BLOCK);
            case INDEX_USAGE -> Measurement.of(figures.indexUsagePercent(), NO_SCAN);
            case VIEW_FRESHNESS -> oldest(freshness.agesOfViewsWithTarget(), limits.alert());
        };
    }

    /** Views that may be older than the alert threshold are judged by their own target, and not here. */
    static Measurement oldest(List<ViewAge> ages, double alertMinutes) {
        return ages.stream()
                .filter(age -> age.target().toMillis() <= alertMinutes * 60_000)
                .max(Comparator.comparingDouble(ViewAge::minutes))
                .map(age -> new Measurement(OptionalDouble.of(age.minutes()), sentence(age)))
                .orElseGet(() -> Measurement.unknown("No view has a freshness target of " + KpiPage.number(alertMinutes)
                        + " minutes or less; the others are judged by their own."));
    }

    private static String sentence(ViewAge age) {
        return Double.isInfinite(age.minutes())
                ? age.view() + " was never refreshed."
                : "The oldest data is that of " + age.view() + ".";
    }
}
