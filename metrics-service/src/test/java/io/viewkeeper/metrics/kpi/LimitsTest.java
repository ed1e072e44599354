// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final Limits TIME = new Limits(Kpi.AVERAGE_QUERY_TIME, 100, 200);
    private static final Limits HITS = new Limits(Kpi.CACHE_HIT_RATIO, 0.95, 0.90);

    @Test
    void moreIsWorseOfATime() {
        assertThat(TIME.judge(0)).isEqualTo(Verdict.OK);
        assertThat(TIME.judge(100)).isEqualTo(Verdict.OK);
        assertThat(TIME.judge(100.1)).isEqualTo(Verdict.WARNING);
        assertThat(TIME.judge(200)).isEqualTo(Verdict.WARNING);
        assertThat(TIME.judge(200.1)).isEqualTo(Verdict.CRITICAL);
        assertThat(TIME.judge(Double.POSITIVE_INFINITY)).isEqualTo(Verdict.CRITICAL);
    }

    @Test
    void lessIsWorseOfAHitRatio() {
        assertThat(HITS.judge(1)).isEqualTo(Verdict.OK);
        assertThat(HITS.judge(0.95)).isEqualTo(Verdict.OK);
        assertThat(HITS.judge(0.9499)).isEqualTo(Verdict.WARNING);
        assertThat(HITS.judge(0.90)).isEqualTo(Verdict.WARNING);
        assertThat(HITS.judge(0.8999)).isEqualTo(Verdict.CRITICAL);
    }

    @Test
    void anAlertThatIsBetterThanTheTargetIsRefusedWithTheSettingInTheMessage() {
        assertThatThrownBy(() -> new Limits(Kpi.AVERAGE_QUERY_TIME, 300, 200))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "viewkeeper.metrics.kpi.average-query-time: target=300.0 and alert=200.0 are in the wrong order;"
                                + " higher is worse here, so set an alert not below the target");
        assertThatThrownBy(() -> new Limits(Kpi.INDEX_USAGE, 80, 90))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("viewkeeper.metrics.kpi.index-usage: target=80.0 and alert=90.0 are in the wrong order;"
                        + " lower is worse here, so set an alert not above the target");
    }

    @Test
    void aTargetMayBeTheAlertThreshold() {
        var limits = new Limits(Kpi.VIEW_FRESHNESS, 5, 5);
        assertThat(limits.judge(5)).isEqualTo(Verdict.OK);
        assertThat(limits.judge(5.1)).isEqualTo(Verdict.CRITICAL);
    }

    @Test
    void whatIsNoNumberOfTheUnitIsRefused() {
        assertThatThrownBy(() -> new Limits(Kpi.CACHE_HIT_RATIO, 95, 90))
                .hasMessage(
                        "viewkeeper.metrics.kpi.cache-hit-ratio.target=95.0 is no number of ratio: it must be finite and"
                                + " from 0 to 1");
        assertThatThrownBy(() -> new Limits(Kpi.AVERAGE_QUERY_TIME, 100, Double.POSITIVE_INFINITY))
                .hasMessageContaining("average-query-time.alert=Infinity");
        assertThatThrownBy(() -> new Limits(Kpi.VIEW_FRESHNESS, -1, 5)).hasMessageContaining("not negative");
        assertThatThrownBy(() -> new Limits(Kpi.INDEX_USAGE, Double.NaN, 5)).hasMessageContaining("NaN");
    }
}
