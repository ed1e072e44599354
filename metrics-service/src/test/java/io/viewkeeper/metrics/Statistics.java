package io.viewkeeper.metrics;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.event.ViewName;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.Predicate;

/** The figures of one database, and what is executed there. */
record Statistics(Service service, SandboxDatabase database) {

    /** NaN where there is no such series. */
    double value(String name) {
        return value(service.scrape(), name + "{database=\"" + database.name() + "\"}");
    }

    /** Of a series with one more label. */
    double value(String name, String label, String labelValue) {
        String ofDatabase = label.equals("collector") ? "" : "database=\"" + database.name() + "\",";
        return value(service.scrape(), name + "{" + ofDatabase + label + "=\"" + labelValue + "\"}");
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
        Service.await(() -> name + ", now " + value(name), () -> condition.test(value(name)));
    }

    void await(String name, String label, String labelValue, DoublePredicate condition) {
        Service.await(
                () -> name + " of " + labelValue + ", now " + value(name, label, labelValue),
                () -> condition.test(value(name, label, labelValue)));
    }

    void await(ViewName view, DoublePredicate condition) {
        Service.await(() -> "ratio of " + view + ", now " + hitRatio(view), () -> condition.test(hitRatio(view)));
    }

    /** Until the collector has succeeded once more, from beginning to end. */
    void awaitSampleOf(String collector) {
        for (int i = 0; i < 2; i++) {
            double last = lastSuccess(collector);
            Service.await("a sample of " + collector, () -> lastSuccess(collector) > (Double.isNaN(last) ? 0 : last));
        }
    }

    /** Until there is something to compare with. */
    void awaitFirstSampleOf(String collector) {
        Service.await("a sample of " + collector, () -> !Double.isNaN(lastSuccess(collector)));
    }

    double lastSuccess(String collector) {
        return value("viewkeeper_collector_last_success_timestamp_seconds", "collector", collector);
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
