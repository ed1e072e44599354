// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.examine;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.optimizer.finding.Severity;
import io.viewkeeper.optimizer.plan.PlanReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SerialExecutionTest {
    private static Finding finding(String rule, @Nullable String path) {
        return new Finding(rule, Severity.WARNING, path, "", "", 100.0, Map.of());
    }

    @Test
    void keepsWhatHoldsForTheParallelPlan() throws Exception {
        var serial = PlanReader.read("""
                {"Plan": {"Node Type": "Sort", "Plans": [
                  {"Node Type": "Nested Loop", "Plans": [
                    {"Node Type": "Seq Scan", "Relation Name": "orders", "Alias": "o"},
                    {"Node Type": "Index Scan", "Relation Name": "lines", "Alias": "l", "Index Name": "lines_pkey"}]}]}}
                """).getFirst();
        var parallel = PlanReader.read("""
                {"Plan": {"Node Type": "Gather Merge", "Plans": [{"Node Type": "Sort", "Plans": [
                  {"Node Type": "Hash Join", "Plans": [
                    {"Node Type": "Seq Scan", "Relation Name": "orders", "Alias": "o"},
                    {"Node Type": "Hash", "Plans": [{"Node Type": "Seq Scan", "Relation Name": "lines", "Alias": "l"}]}]}]}]}}
                """).getFirst();
        assertThat(SerialExecution.isParallel(parallel)).isTrue();
        assertThat(SerialExecution.isParallel(serial)).isFalse();
        var ofExecution = List.of(
                finding("sort-spill", "0"),
                finding("costly-nested-loop", "0.0"),
                finding("seq-scan-filters-most", "0.0.0"),
                finding("inefficient-index", "0.0.1"),
                finding("jit-overhead", null),
                finding("io-bound", null));
        var ofPlan =
                List.of(finding("odd-settings", null), finding("io-bound", null), finding("inner-seq-scan", "0.0.0.0"));
        assertThat(SerialExecution.holding(serial, ofExecution, parallel, ofPlan))
                .extracting(Finding::rule)
                .containsExactly("seq-scan-filters-most", "io-bound", "odd-settings");
    }
}
