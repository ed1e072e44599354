// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.claims.Measurement;
import io.viewkeeper.sandbox.launcher.installation.Installation;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.process.Tool;
import io.viewkeeper.sandbox.launcher.workbench.Workbench;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** That every part of {@code ./viewkeeper bench scrape} measures something, and what holds however fast the machine is. */
@Tag("server")
@Isolated("it measures, or kills at moments")
@Tag("release")
class BenchScrapeIT {
    private static final ScrapeCost.Scale SCALE =
            new ScrapeCost.Scale(List.of(9, 40), 500, 10, Duration.ofSeconds(5), Duration.ofSeconds(8));

    @Test
    void everyPartMeasuresAndScrapesReadMemoryOnly() throws Exception {
        try (var started = new Started()) {
            var workbench = Workbench.start(Installation.root(), started, BenchScrape.SERVER);
            var exporter = Tool.postgresExporter(Installation.root());

            var result = ScrapeCost.measure(workbench.site("scrape_it"), SCALE, exporter);

            assertThat(result.statements()).isGreaterThanOrEqualTo(500);
            assertThat(result.sizes()).extracting(ScrapeCost.Size::views).containsExactly(9, 40);
            assertThat(result.sizes()).allSatisfy(size -> {
                isMeasured(size.service());
                assertThat(size.service().scrapes().count()).isBetween(3, 10);
                assertThat(size.service().scrapes().series()).isLessThanOrEqualTo(BenchScrape.MOST_SERIES);
                assertThat(size.parallel().scrapes().count()).isGreaterThanOrEqualTo(50);
                assertThat(size.parallel().causedStatements())
                        .as("50 scrapes at once make the service ask the database: %s", size.parallel())
                        .isFalse();
                assertThat(size.background().collectors()).isNotEmpty();
                assertThat(size.exporter().isEmpty()).isEqualTo(exporter.isEmpty());
                assertThat(size.exporter()).allSatisfy(theirs -> isMeasured(theirs.measured()));
            });
            aLockChangesNothing(result.locked());
            assertThat(BenchScrape.measurements(result))
                    .extracting(Measurement::measure)
                    .doesNotHaveDuplicates()
                    .contains("9 views, scrape, p99", "40 views, series");
        }
    }

    private static void isMeasured(ScrapeCost.Measured measured) {
        assertThat(measured.scrapes().p50Millis())
                .isPositive()
                .isLessThanOrEqualTo(measured.scrapes().p99Millis());
        assertThat(measured.scrapes().bytes()).isPositive();
        assertThat(measured.scrapes().series()).isPositive();
        assertThat(measured.residentBytes()).isPositive();
    }

    private static void aLockChangesNothing(LockedScrapes.Result locked) {
        assertThat(locked.lockedSeconds()).isGreaterThan(4);
        assertThat(locked.viewSeries()).isGreaterThan(40);
        assertThat(locked.changed()).isZero();
        assertThat(locked.failingCollectors()).isEmpty();
    }
}
