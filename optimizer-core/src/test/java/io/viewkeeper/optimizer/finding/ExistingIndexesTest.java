// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static io.viewkeeper.optimizer.finding.Plans.plan;
import static io.viewkeeper.optimizer.finding.Plans.scan;
import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.NodeType;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExistingIndexesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "(orders.a = ?)                       | `\"a\"`             | true",
                "(orders.a = ?)                       | `\"a\", \"b\" desc` | true",
                "(orders.a = ?)                       | `\"a, \"\"b\"`      | false",
                "(orders.a = ?)                       | `\"b\", \"a\"`      | false",
                "((orders.a = ?) AND (orders.b = ?))  | `\"a\"`             | false",
                "((orders.a = ?) AND (orders.b = ?))  | `\"a\", \"b\", \"c\"` | true",
                "((orders.a = ?) OR (orders.b > ?))   | `\"b\"`             | true",
                "(orders.gone IS NULL)                | `\"gone\"`          | true",
                "(orders.name ~~ ?::text)             | `\"name\"`          | false",
                "(lower(orders.a) = ?)                | `\"a\"`             | false"
            })
    void isToldWhereItIsAdvised(String filter, String columns, boolean told) {
        var facts = new TableFacts(
                100L << 20, 100_000, 1, 0, null, null, false, List.of(new TableFacts.Index("Mine", columns)));
        var whole = plan(
                        200,
                        scan(NodeType.SEQ_SCAN, "orders").filter(filter, 99_990).actual(10, 190))
                .table("orders", facts);
        assertThat(Findings.of(whole.context())).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("seq-scan-filters-most");
            assertThat(finding.advice().contains("there is one already: \"Mine\" on public.orders"))
                    .isEqualTo(told);
            assertThat(finding.evidence().containsKey("existingIndexes")).isEqualTo(told);
            if (told) {
                assertThat(finding.evidence()).doesNotContainKey("suggestedIndex");
            }
        });
    }
}
