// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One gauge of which every view has a series, where it has a value.
 *
 * @param value empty: the view has no series now
 */
record ViewGauge(String name, String help, Function<ViewReport, OptionalDouble> value) {

    /** What alerts need first: where series must be cut, the last ones go. */
    static final List<ViewGauge> ALL = List.of(
            new ViewGauge(
                    "viewkeeper_view_data_timestamp_seconds",
                    "The data of the view is as old as this, what it reads included; absent if that is unknown",
                    report -> seconds(report.dataTimestamp())),
            new ViewGauge(
                    "viewkeeper_view_freshness_target_seconds",
                    "How old the data may be; absent if no target is set",
                    report -> seconds(report.schedule().freshnessTarget())),
            new ViewGauge(
                    "viewkeeper_view_consecutive_failures",
                    "Failed refreshes since the last successful one",
                    report -> OptionalDouble.of(report.consecutiveFailures())),
            new ViewGauge(
                    "viewkeeper_view_suspended",
                    "1 if the view is suspended, by its failures or by somebody, 0 if not",
                    report -> OptionalDouble.of(report.schedule().suspended() ? 1 : 0)),
            new ViewGauge(
                    "view_staleness_minutes",
                    "Age of the view's data in minutes, computed at scrape; +Inf if it was never refreshed or is unknown",
                    report -> OptionalDouble.of(report.stalenessMinutes())),
            new ViewGauge(
                    "viewkeeper_view_next_refresh_timestamp_seconds",
                    "When the view is due; absent if nothing is planned",
                    report -> seconds(report.schedule().nextRefresh())),
            new ViewGauge(
                    "viewkeeper_view_last_attempt_success",
                    "1 if the last refresh succeeded, 0 if it failed",
                    report -> lastRun(report, run -> run.succeeded() ? 1 : 0)),
            new ViewGauge(
                    "viewkeeper_view_last_attempt_timestamp_seconds",
                    "When the last refresh finished, good or bad",
                    report -> seconds(
                            report.lastRun() == null ? null : report.lastRun().finishedAt())),
            new ViewGauge(
                    "viewkeeper_view_last_refresh_duration_seconds",
                    "How long the last refresh took, good or bad",
                    report -> lastRun(report, run -> run.duration().toMillis() / 1e3)),
            new ViewGauge(
                    "view_refresh_success_rate",
                    "Successful refreshes divided by all of the last 24 hours, 0 to 1; absent if there was none",
                    ViewReport::successRate),
            new ViewGauge(
                    "viewkeeper_view_size_bytes",
                    "Size of the view with its indexes and TOAST after its last successful refresh",
                    report -> number(report.sizeBytes())));

    private static OptionalDouble seconds(@Nullable Instant instant) {
        return instant == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(instant.getEpochSecond() + instant.getNano() / 1e9);
    }

    private static OptionalDouble seconds(@Nullable Duration duration) {
        return duration == null ? OptionalDouble.empty() : OptionalDouble.of(duration.toMillis() / 1e3);
    }

    private static OptionalDouble number(@Nullable Long value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static OptionalDouble lastRun(ViewReport report, Function<FinishedRun, Number> value) {
        var run = report.lastRun();
        return run == null
                ? OptionalDouble.empty()
                : OptionalDouble.of(value.apply(run).doubleValue());
    }
}
