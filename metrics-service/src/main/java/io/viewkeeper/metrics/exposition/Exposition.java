// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.exposition;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.schema.database.InstallationTags;
import io.viewkeeper.schema.service.scrape.MoreFamilies;
import io.viewkeeper.schema.service.scrape.ScrapeFormat;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * All families of all sources as one scrape shows them: nothing twice, no NaN, not more series than the limit. A source that
 * fails is left out, and the rest is shown.
 */
@Singleton
public class Exposition implements MoreFamilies {
    private static final Logger LOG = Logger.getLogger(Exposition.class);
    private static final int SPARE = 4_096;

    private final List<FamilySource> sources;
    private final SeriesSettings settings;
    private final MeterRegistry meters;
    private final Optional<String> cluster;
    private int droppedBefore;
    private volatile int lastLength;

    Exposition(@All List<FamilySource> sources, SeriesSettings settings, MeterRegistry meters, InstallationTags tags) {
        this.sources = sources;
        this.settings = settings;
        this.meters = meters;
        this.cluster = tags.cluster();
    }

    /** What a scrape shows of all sources. */
    @Override
    public String text(ScrapeFormat format) {
        var written = new TextFormat(format, cluster, lastLength + SPARE);
        limited().families().forEach(written::write);
        var text = written.toString();
        lastLength = text.length();
        return text;
    }

    /** Counts the series that are left out, once per reading of the views, so that the counter grows while any are. */
    public synchronized void countDropped() {
        var dropped = limited().dropped();
        int sum = dropped.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != droppedBefore) {
            LOG.warnf(
                    "action=limit-series series_left_out=%d hint=\"raise viewkeeper.metrics.freshness.max-views and"
                            + " viewkeeper.metrics.series.max-of-views, or let fewer views be refreshed\"",
                    sum);
            droppedBefore = sum;
        }
        dropped.forEach((name, count) -> Counter.builder("viewkeeper_series_dropped")
                .description(
                        "Series left out because there are more than the limits allow, counted per reading of the views")
                .tag("metric", name)
                .register(meters)
                .increment(count));
    }

    /** @param dropped by name of the metric; 0 where nothing is missing, so that the counter is there before it grows */
    private record Limited(List<Family> families, Map<String, Integer> dropped) {}

    private Limited limited() {
        var merged = merged();
        var shown = ShownViews.of(merged, settings.maxOfViews());
        var kept = new ArrayList<Family>();
        var dropped = new TreeMap<String, Integer>();
        for (var family : merged) {
            var part = family.isByView() ? shown.of(family) : family;
            kept.add(part);
            if (family.isByView()) {
                int cut = family.points().size() - part.points().size();
                dropped.put(family.name(), family.omitted() + cut);
            }
        }
        return new Limited(kept, dropped);
    }

    private List<Family> merged() {
        var byName = new LinkedHashMap<String, Family>();
        for (var source : sources) {
            for (var family : families(source)) {
                byName.merge(family.name(), withoutRepetition(family), Exposition::together);
            }
        }
        return List.copyOf(byName.values());
    }

    private static List<Family> families(FamilySource source) {
        try {
            return source.families();
        } catch (RuntimeException bug) {
            LOG.error(
                    "action=scrape outcome=incomplete source="
                            + source.getClass().getSimpleName(),
                    bug);
            return List.of();
        }
    }

    private static Family together(Family one, Family other) {
        var points = new ArrayList<>(one.points());
        points.addAll(other.points());
        return withoutRepetition(
                new Family(one.name(), one.kind(), one.help(), one.labels(), points, one.omitted() + other.omitted()));
    }

    /** Prometheus refuses a whole scrape for one repeated series. Counts add up; of two gauges the first is shown. */
    private static Family withoutRepetition(Family family) {
        var values = new LinkedHashMap<List<String>, Double>();
        for (var point : family.points()) {
            if (!Double.isNaN(point.value())) {
                values.merge(
                        point.labelValues(),
                        point.value(),
                        (first, second) -> family.kind() == Kind.COUNTER ? first + second : first);
            }
        }
        if (values.size() == family.points().size()) {
            return family;
        }
        var points = values.entrySet().stream()
                .map(entry -> new Point(entry.getKey(), entry.getValue()))
                .toList();
        return new Family(family.name(), family.kind(), family.help(), family.labels(), points, family.omitted());
    }
}
