// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class MetricNamesTest {
    @Test
    void functionsLabelsRangesAndTextsAreNoMetrics() {
        assertThat(MetricNames.in("""
                                sum by (schema, view) (rate(viewkeeper_refresh_runs_total{outcome="failed", view=~"a_b|$view"}[$__rate_interval]))
                                  / on (schema, view) group_left (database) job:views:sum > bool 1e3 and time() - 5 offset 5m < inf
                                """)).containsExactly("job:views:sum", "viewkeeper_refresh_runs_total");
    }

    @Test
    void aDashboardReadsWithItsPanelsAndItsVariables() throws JsonProcessingException {
        var dashboard = new ObjectMapper().readTree("""
                {"panels": [{"targets": [{"expr": "up"}], "panels": [{"targets": [{"expr": "a_total / b"}]}]}],
                 "templating": {"list": [{"query": {"query": "label_values(c_info{job=\\"$job\\"}, view)"}}]}}
                """);
        assertThat(MetricNames.inDashboard(dashboard)).containsExactly("a_total", "b", "c_info", "up");
    }
}
