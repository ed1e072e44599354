package io.viewkeeper.metrics.freshness;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import io.prometheus.client.CollectorRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jboss.logging.Logger;

/**
 * What a scrape shows of the views. Written to the Prometheus client directly, below Micrometer: a series exists for as
 * long as its value does, which Micrometer's gauges cannot (they show NaN), and every scrape asks the live state.
 */
@Startup
@Singleton
final class FreshnessCollector extends Collector implements Collector.Describable {
    private static final Logger LOG = Logger.getLogger(FreshnessCollector.class);
    private static final List<String> LABELS = List.of("database", "schema", "view");
    private static final List<String> LABELS_WITH_OUTCOME = List.of("database", "schema", "view", "outcome");
    private static final String RUNS = "viewkeeper_refresh_runs";
    private static final String RUNS_HELP = "Finished refreshes, since this process started";

    private final Freshness freshness;
    private final MeterRegistry meters;
    private int droppedBefore;

    FreshnessCollector(Freshness freshness, MeterRegistry meters, CollectorRegistry registry) {
        this.freshness = freshness;
        this.meters = meters;
        registry.register(this);
        familyNames().forEach(this::dropped);
    }

    @Override
    public List<MetricFamilySamples> collect() {
        var reports = freshness.reportsWithinLimit();
        String database = freshness.database();
        var families = new ArrayList<MetricFamilySamples>();
        for (var gauge : ViewGauge.ALL) {
            families.add(family(gauge, database, reports));
        }
        families.add(runs(database, reports));
        return families;
    }

    private static MetricFamilySamples family(ViewGauge gauge, String database, List<ViewReport> reports) {
        var samples = new ArrayList<Sample>();
        for (var report : reports) {
            OptionalDouble value = gauge.value().apply(report);
            if (value.isPresent()) {
                var labels =
                        List.of(database, report.name().schema(), report.name().name());
                samples.add(new Sample(gauge.name(), LABELS, labels, value.getAsDouble()));
            }
        }
        return new MetricFamilySamples(gauge.name(), Type.GAUGE, gauge.help(), samples);
    }

    private static MetricFamilySamples runs(String database, List<ViewReport> reports) {
        var samples = new ArrayList<Sample>();
        for (var report : reports) {
            samples.add(runs(database, report, "completed", report.completedRuns()));
            samples.add(runs(database, report, "failed", report.failedRuns()));
        }
        return new MetricFamilySamples(RUNS, Type.COUNTER, RUNS_HELP, samples);
    }

    private static Sample runs(String database, ViewReport report, String outcome, long count) {
        var labels = List.of(database, report.name().schema(), report.name().name(), outcome);
        return new Sample(RUNS + "_total", LABELS_WITH_OUTCOME, labels, count);
    }

    @Override
    public List<MetricFamilySamples> describe() {
        var families = new ArrayList<MetricFamilySamples>();
        for (var gauge : ViewGauge.ALL) {
            families.add(new MetricFamilySamples(gauge.name(), Type.GAUGE, gauge.help(), List.of()));
        }
        families.add(new MetricFamilySamples(RUNS, Type.COUNTER, RUNS_HELP, List.of()));
        return families;
    }

    /** Counts the views that are left out, once per reading of the database, so that the counter grows while any are. */
    void countDropped() {
        int dropped = freshness.viewsOverLimit();
        if (dropped != droppedBefore) {
            LOG.warnf(
                    "action=limit-series views_without_series=%d hint=\"raise viewkeeper.metrics.freshness.max-views, or"
                            + " let fewer views be refreshed\"",
                    dropped);
            droppedBefore = dropped;
        }
        if (dropped > 0) {
            familyNames().forEach(name -> dropped(name).increment(dropped));
        }
    }

    private Counter dropped(String metric) {
        return Counter.builder("viewkeeper_series_dropped")
                .description("Views left out of a metric because there are more than max-views, counted per reading")
                .tag("metric", metric)
                .register(meters);
    }

    private static List<String> familyNames() {
        var names = new ArrayList<String>();
        ViewGauge.ALL.forEach(gauge -> names.add(gauge.name()));
        names.add(RUNS + "_total");
        return names;
    }
}
