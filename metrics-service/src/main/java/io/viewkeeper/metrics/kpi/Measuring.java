// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.viewkeeper.metrics.collector.Collecting;
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

    private final DatabaseFigures figures;
    private final Freshness freshness;
    private final Collecting collecting;

    Measuring(DatabaseFigures figures, Freshness freshness, Collecting collecting) {
        this.figures = figures;
        this.freshness = freshness;
        this.collecting = collecting;
    }

    /** The name of the database; empty until it was read. */
    String database() {
        return freshness.database();
    }

    Measurement measure(Limits limits) {
        if (!freshness.isRebuilt()) {
            return Measurement.unknown(NOT_READ);
        }
        var silent = collecting.silentSince(source(limits.kpi()));
        if (silent.isPresent()) {
            return Measurement.unknown("The database has not been read since "
                    + silent.get().truncatedTo(SECONDS) + ": see collector=" + source(limits.kpi()) + " in the log.");
        }
        return switch (limits.kpi()) {
            case AVERAGE_QUERY_TIME -> Measurement.of(figures.averageQueryMillis());
            case CACHE_HIT_RATIO -> Measurement.of(figures.bufferCacheHitRatio());
            case INDEX_USAGE -> Measurement.of(figures.indexUsagePercent());
            case VIEW_FRESHNESS -> oldest(freshness.agesOfViewsWithTarget(), limits.alert());
        };
    }

    /** The collector that reads what the KPI is made of. */
    private static String source(Kpi kpi) {
        return switch (kpi) {
            case AVERAGE_QUERY_TIME, CACHE_HIT_RATIO -> "statements";
            case INDEX_USAGE -> "tables";
            case VIEW_FRESHNESS -> "views";
        };
    }

    /** Views that may be older than the alert threshold are judged by their own target, and not here. */
    static Measurement oldest(List<ViewAge> ages, double alertMinutes) {
        return ages.stream()
                .filter(age -> age.target().toMillis() <= alertMinutes * 60_000)
                .max(Comparator.comparingDouble(ViewAge::minutes))
                .map(age -> new Measurement(OptionalDouble.of(age.minutes()), sentence(age)))
                .orElseGet(() -> Measurement.unknown("No view has a freshness target of " + minutes(alertMinutes)
                        + " or less; the others are judged by their own."));
    }

    private static String minutes(double count) {
        return Limits.number(count) + (count == 1 ? " minute" : " minutes");
    }

    private static String sentence(ViewAge age) {
        return Double.isInfinite(age.minutes())
                ? age.view() + " was never refreshed, or reads what nobody knows the age of."
                : "The oldest data is that of " + age.view() + ".";
    }
}
