// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class KpiSettingsTest {
    @Test
    void theDefaultsAreThoseOfTheProduct() throws IOException {
        var settings = settings(Map.of());
        assertThat(Arrays.stream(Kpi.values()).map(settings::limits))
                .containsExactly(
                        new Limits(Kpi.AVERAGE_QUERY_TIME, 100, 200),
                        new Limits(Kpi.CACHE_HIT_RATIO, 0.95, 0.90),
                        new Limits(Kpi.INDEX_USAGE, 90, 80),
                        new Limits(Kpi.VIEW_FRESHNESS, 5, 10));
        assertThat(settings.evaluateEvery()).hasSeconds(5);
    }

    @Test
    void eachCanBeSetAndNonsenseIsNamed() throws IOException {
        assertThat(settings(Map.of("viewkeeper.metrics.kpi.view-freshness.target", "7.5"))
                        .limits(Kpi.VIEW_FRESHNESS))
                .isEqualTo(new Limits(Kpi.VIEW_FRESHNESS, 7.5, 10));
        var wrong = settings(Map.of("viewkeeper.metrics.kpi.view-freshness.target", "15"));
        assertThatThrownBy(() -> wrong.limits(Kpi.VIEW_FRESHNESS))
                .hasMessageStartingWith("viewkeeper.metrics.kpi.view-freshness: target=15.0 and alert=10.0");
    }

    /** Those that are delivered, and some that somebody set. */
    private static KpiSettings settings(Map<String, String> set) throws IOException {
        var delivered = new Properties();
        try (var file = KpiSettings.class.getResourceAsStream("/application.properties")) {
            delivered.load(Objects.requireNonNull(file));
        }
        var ours = new HashMap<String, String>();
        for (var name : delivered.stringPropertyNames()) {
            if (name.startsWith(Limits.PREFIX)) {
                ours.put(name, delivered.getProperty(name));
            }
        }
        ours.putAll(set);
        return new SmallRyeConfigBuilder()
                .withMapping(KpiSettings.class)
                .withSources(new PropertiesConfigSource(ours, "test", 100))
                .build()
                .getConfigMapping(KpiSettings.class);
    }
}
