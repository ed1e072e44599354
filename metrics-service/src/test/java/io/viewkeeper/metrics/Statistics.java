// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.event.ViewName;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;

/** The figures of one database, and what is executed there. */
record Statistics(Service service, SandboxDatabase database) {

    /** NaN where there is no such series. */
    double value(String name) {
        return of(service.scrape(), name);
    }

    /** Of a scrape, when several are compared. */
    double of(Map<String, String> scrape, String name) {
        return value(scrape, name + "{database=\"" + database.name() + "\"}");
    }

    /** Of a series with one more label. */
    double value(String name, String label, String labelValue) {
        return value(service.scrape(), name, label, labelValue);
    }

    private double value(Map<String, String> samples, String name, String label, String labelValue) {
        return value(samples, name + "{database=\"" + database.name() + "\"," + label + "=\"" + labelValue + "\"}");
    }

    double hitRatio(ViewName view) {
        return value(
                service.scrape(),
                "viewkeeper_view_buffer_hit_ratio{database=\"" + database.name() + "\",schema=\"" + view.schema()
                        + "\",view=\"" + view.name() + "\"}");
    }

    private static double value(Map<String, String> samples, String series) {
        return Double.parseDouble(samples.getOrDefault(series, "NaN"));
    }

    /** Our counters, by series. */
    Map<String, Double> counters() {
        return samples(series -> series.matches("viewkeeper_(statement|blocks|table).*"));
    }

    /** What is shown of the window, by series. */
    Map<String, Double> figures() {
        return samples(series -> series.matches("(avg|p95|slow|index|table|buffer|shared|effective)_.*"));
    }

    private Map<String, Double> samples(Predicate<String> which) {
        var samples = new TreeMap<String, Double>();
        service.scrape().forEach((series, value) -> {
            if (which.test(series)) {
                samples.put(series, Double.parseDouble(value));
            }
        });
        return samples;
    }

    void await(String name, DoublePredicate condition) {
        Await.until(() -> name + ", now " + value(name), () -> condition.test(value(name)));
    }

    void await(String name, String label, String labelValue, DoublePredicate condition) {
        Await.until(
                () -> name + " of " + labelValue + ", now " + value(name, label, labelValue),
                () -> condition.test(value(name, label, labelValue)));
    }

    void await(ViewName view, DoublePredicate condition) {
        Await.until(() -> "ratio of " + view + ", now " + hitRatio(view), () -> condition.test(hitRatio(view)));
    }

    /** Until the collector has succeeded once more, from beginning to end, and has not failed since. */
    void awaitSampleOf(String collector) {
        for (int i = 0; i < 2; i++) {
            double last = lastSuccess(collector);
            Await.until("a sample of " + collector, () -> {
                var scrape = service.scrape();
                return lastSuccess(scrape, collector) > (Double.isNaN(last) ? 0 : last) && succeeds(scrape, collector);
            });
        }
    }

    /** Until one scrape shows that the last run of each of these collectors was good. */
    void awaitSuccessOf(List<String> collectors) {
        Await.until("success of all of " + collectors, () -> {
            var scrape = service.scrape();
            return collectors.stream().allMatch(collector -> succeeds(scrape, collector));
        });
    }

    private boolean succeeds(Map<String, String> samples, String collector) {
        return value(samples, "viewkeeper_collector_success", "collector", collector) == 1;
    }

    /** Until there is something to compare with. */
    void awaitFirstSampleOf(String collector) {
        Await.until("a sample of " + collector, () -> !Double.isNaN(lastSuccess(collector)));
    }

    double lastSuccess(String collector) {
        return lastSuccess(service.scrape(), collector);
    }

    private double lastSuccess(Map<String, String> samples, String collector) {
        return value(samples, "viewkeeper_collector_last_success_timestamp_seconds", "collector", collector);
    }

    /** As superuser; what it counted is seen when it returns. */
    void execute(String statements) {
        execute(statements, 1);
    }

    void execute(String sql, int times) {
        try (var connection = database.connect(Role.SUPERUSER);
                var statement = connection.createStatement()) {
            for (int i = 0; i < times; i++) {
                for (String single : sql.split(";\\s*", -1)) {
                    statement.execute(single);
                }
            }
            // Or else the server would count when it has noticed that the session ended.
            statement.execute("select pg_catalog.pg_stat_force_next_flush()");
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
