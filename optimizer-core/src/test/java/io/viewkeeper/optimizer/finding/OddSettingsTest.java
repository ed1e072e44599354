// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OddSettingsTest {
    private final Rule rule = new OddSettings();

    private static Plans.Whole any() {
        return plan(0, scan(NodeType.SEQ_SCAN, "orders"));
    }

    @Test
    void oddSettingsAreToldTogether() {
        var whole = any().setting("work_mem", "64kB")
                .setting("enable_hashjoin", "off")
                .setting("search_path", "app");

        assertThat(whole.findings(rule)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("odd-settings");
            assertThat(finding.nodePath()).isNull();
            assertThat(finding.impactMillis()).isNull();
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.what())
                    .isEqualTo("The plan was made under unusual settings: enable_hashjoin, work_mem.");
            assertThat(finding.advice()).contains("pg_settings");
            assertThat(finding.evidence())
                    .isEqualTo(Map.of("settings", List.of("enable_hashjoin = off", "work_mem = 64kB")));
        });
    }

    @Test
    void figuresAloneAreWorthKnowing() {
        assertThat(any().setting("work_mem", "2GB").findings(rule))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.INFO));
    }

    @Test
    void usualSettingsAreNotTold() {
        assertThat(any().findings(rule)).isEmpty();
        assertThat(any().setting("work_mem", "64MB").findings(rule)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "enable_seqscan, off, true",
        "enable_partitionwise_join, on, false",
        "work_mem, 1023kB, true",
        "work_mem, 1MB, false",
        "work_mem, 1GB, false",
        "work_mem, 1025MB, true",
        "work_mem, 1TB, true",
        "work_mem, 4096B, true",
        "work_mem, 1048576B, false",
        "hash_mem_multiplier, 0.5, true",
        "hash_mem_multiplier, 10, false",
        "effective_cache_size, 127MB, true",
        "effective_cache_size, 128MB, false",
        "effective_cache_size, 4TB, false",
        "random_page_cost, 1, false",
        "random_page_cost, 4.1, true",
        "random_page_cost, 0.9, true",
        "seq_page_cost, 2, true",
        "cpu_tuple_cost, 1, true",
        "cpu_index_tuple_cost, 0.1, true",
        "cpu_operator_cost, 0.1, true",
        "parallel_setup_cost, 0, true",
        "parallel_tuple_cost, 0, true",
        "join_collapse_limit, 1, true",
        "join_collapse_limit, 2, false",
        "from_collapse_limit, 21, true",
        "jit_above_cost, -1, false",
        "jit_above_cost, 0, true",
        "jit_above_cost, 10000, false",
        "plan_cache_mode, force_generic_plan, false",
        "work_mem, lots, false"
    })
    void eachSettingHasItsRange(String name, String value, boolean odd) {
        assertThat(OddSettings.isOdd(name, value)).isEqualTo(odd);
    }
}
