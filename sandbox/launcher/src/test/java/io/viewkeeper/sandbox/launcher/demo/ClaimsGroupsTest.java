// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClaimsGroupsTest {
    @Test
    void inProductionEachGroupHasItsOwnInterval() {
        assertThat(ClaimsGroups.describe(ClaimsGroups.production()))
                .isEqualTo("analytics every 30 min, daily every 60 min, realtime every 5 min");
    }

    @Test
    void theDemoChangesIntervalsAndNothingElse() {
        var shortened = ClaimsGroups.every(Map.of("daily", Duration.ofSeconds(30)));

        assertThat(shortened).containsEntry("viewkeeper.refresh.groups.daily.interval", "PT30S");
        assertThat(shortened.entrySet())
                .filteredOn(setting -> !setting.getKey().endsWith("daily.interval"))
                .containsExactlyInAnyOrderElementsOf(ClaimsGroups.production().entrySet().stream()
                        .filter(setting -> !setting.getKey().endsWith("daily.interval"))
                        .toList());
    }

    @Test
    void refusesAGroupThatDoesNotExist() {
        assertThatThrownBy(() -> ClaimsGroups.every(Map.of("weekly", Duration.ofDays(7))))
                .hasMessageContaining("weekly");
    }
}
