// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.schema.database.InstallationTags;
import io.viewkeeper.schema.service.scrape.ScrapeFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    private static final List<String> LABELS = Family.VIEW_LABELS;

    private final MeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void writesLabelsAndValuesAsPrometheusReadsThem() {
        var family = new Family(
                "g",
                Kind.GAUGE,
                "back\\slash\nand \"quotes\"",
                List.of("a", "b"),
                List.of(
                        new Point(List.of("x\"y\\z\nw", "ä"), Double.POSITIVE_INFINITY),
                        new Point(List.of("", "1"), 1e-9)),
                0);
        assertThat(exposition(10, () -> List.of(family)).text(ScrapeFormat.TEXT))
                .isEqualTo("""
                        # HELP g back\\\\slash\\nand "quotes"
                        # TYPE g gauge
                        g{a="x\\"y\\\\z\\nw",b="ä"} +Inf
                        g{a="",b="1"} 1.0E-9
                        """);
    }

    @Test
    void openMetricsNamesACounterWithoutItsEndAndEscapesQuotesOfHelpToo() {
        var counter = family("c_total", Kind.COUNTER, point("v", 1));
        var gauge = Family.single("g", Kind.GAUGE, "say \"so\"", List.of(), List.of(), OptionalDouble.of(1));
        assertThat(exposition(10, () -> List.of(counter, gauge)).text(ScrapeFormat.OPEN_METRICS))
                .isEqualTo("""
                        # HELP c help
                        # TYPE c counter
                        c_total{database="d",schema="s",view="v"} 1.0
                        # HELP g say \\"so\\"
                        # TYPE g gauge
                        g 1.0
                        """);
    }

    /** Of several with databases of one name each has its own. */
    @Test
    void aClusterThatHasANameIsALabelOfEverySeries() {
        var bare = Family.single("g", Kind.GAUGE, "help", List.of(), List.of(), OptionalDouble.of(1));
        var ofView = family("h", Kind.GAUGE, point("v", 1));
        assertThat(series(exposition(10, "e\"u", () -> List.of(bare, ofView))))
                .containsExactly(
                        "g{cluster=\"e\\\"u\"} 1.0",
                        "h{cluster=\"e\\\"u\",database=\"d\",schema=\"s\",view=\"v\"} 1.0");
    }

    @Test
    void aFamilyWithoutPointsIsNotThereAtAll() {
        var family = Family.single("g", Kind.GAUGE, "help", List.of(), List.of(), OptionalDouble.empty());
        assertThat(exposition(10, () -> List.of(family)).text(ScrapeFormat.TEXT))
                .isEmpty();
    }

    @Test
    void noSeriesIsTwiceInAScrapeAndNoneIsNaN() {
        var gauge = family("g", Kind.GAUGE, point("v", 1), point("v", 2), point("w", Double.NaN));
        var counter = family("c_total", Kind.COUNTER, point("v", 1), point("v", 2));
        var again = family("c_total", Kind.COUNTER, point("v", 4), point("w", 8));
        assertThat(series(exposition(100, () -> List.of(gauge, counter), () -> List.of(again))))
                .containsExactly(
                        "g{database=\"d\",schema=\"s\",view=\"v\"} 1.0",
                        "c_total{database=\"d\",schema=\"s\",view=\"v\"} 7.0",
                        "c_total{database=\"d\",schema=\"s\",view=\"w\"} 8.0");
    }

    @Test
    void aSourceThatFailsTakesNoOtherWithIt() {
        var family = family("g", Kind.GAUGE, point("v", 1));
        FamilySource broken = () -> {
            throw new IllegalStateException("a bug");
        };
        assertThat(series(exposition(100, broken, () -> List.of(family)))).hasSize(1);
    }

    @Test
    void beyondTheLimitTheLastViewsHaveNoSeriesTheOthersHaveAllAndEachLossIsCounted() {
        // The first view has no value of the first metric: its place is told by the one that all have.
        var first = family("first", Kind.GAUGE, point("v1", 1), point("v2", 1), point("v3", 1));
        var second = views("second", 4, 6);
        var database = Family.single("d", Kind.GAUGE, "help", List.of("database"), List.of("d"), OptionalDouble.of(1));
        var exposition = exposition(6, () -> List.of(first, second, views("third", 2, 0)), () -> List.of(database));

        // Two series of v0 and three of v1: another two of v2 would be too many.
        assertThat(series(exposition).stream()
                        .map(line -> line.replaceAll("\\{.*view=\"|\"}.*", " ").strip()))
                .containsExactly("first v1", "second v0", "second v1", "third v0", "third v1", "d{database=\"d");
        exposition.countDropped();
        exposition.countDropped();
        assertThat(dropped("first")).isEqualTo(2 * 2);
        assertThat(dropped("second")).isEqualTo(2 * (2 + 6));
        assertThat(dropped("third")).isZero();
    }

    /** As many as are allowed by default, with all that they have. */
    @Test
    void fiveHundredViewsHaveAllTheirSeriesWithinTheDefaultLimit() {
        var families = IntStream.range(0, 18)
                .mapToObj(metric -> views("m" + metric, 500, 0))
                .toList();
        assertThat(series(exposition(9_500, () -> families))).hasSize(500 * 18);
    }

    private Exposition exposition(int limit, FamilySource... sources) {
        return exposition(limit, "default", sources);
    }

    private Exposition exposition(int limit, String cluster, FamilySource... sources) {
        return new Exposition(List.of(sources), () -> limit, meters, new InstallationTags(Optional.empty(), cluster));
    }

    private static List<String> series(Exposition exposition) {
        return exposition
                .text(ScrapeFormat.TEXT)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private double dropped(String metric) {
        return meters.counter("viewkeeper_series_dropped", "metric", metric).count();
    }

    private static Family views(String name, int count, int omitted) {
        var points = IntStream.range(0, count).mapToObj(i -> point("v" + i, i)).toList();
        return new Family(name, Kind.GAUGE, "help", LABELS, points, omitted);
    }

    private static Family family(String name, Kind kind, Point... points) {
        return new Family(name, kind, "help", LABELS, List.of(points), 0);
    }

    private static Point point(String view, double value) {
        return new Point(List.of("d", "s", view), value);
    }
}
