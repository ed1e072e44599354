// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.metrics.freshness.ViewAge;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuringTest {
    private static final double ALERT = 10;

    @Test
    void theOldestOfTheViewsThatOughtToBeYoungerThanTheAlertThresholdCounts() {
        var measurement =
                Measuring.oldest(List.of(age("young", 2, 5), age("old", 7, 10), age("daily", 900, 1_440)), ALERT);
        assertThat(measurement.value()).hasValue(7);
        assertThat(measurement.reason()).isEqualTo("The oldest data is that of reports.old.");
    }

    @Test
    void aViewThatWasNeverRefreshedIsInfinitelyOld() {
        var measurement =
                Measuring.oldest(List.of(age("young", 2, 5), age("never", Double.POSITIVE_INFINITY, 5)), ALERT);
        assertThat(measurement.value()).hasValue(Double.POSITIVE_INFINITY);
        assertThat(measurement.reason())
                .isEqualTo("reports.never was never refreshed, or reads what nobody knows the age of.");
    }

    @Test
    void nothingIsKnownWhereNoViewOughtToBeThatYoung() {
        var measurement = Measuring.oldest(List.of(age("daily", 900, 1_440)), ALERT);
        assertThat(measurement.value()).isEmpty();
        assertThat(measurement.reason()).startsWith("No view has a freshness target of 10 minutes or less;");
        assertThat(Measuring.oldest(List.of(), 1).reason())
                .startsWith("No view has a freshness target of 1 minute or less;");
    }

    private static ViewAge age(String name, double minutes, long targetMinutes) {
        return new ViewAge(new ViewName("reports", name), minutes, Duration.ofMinutes(targetMinutes));
    }
}
