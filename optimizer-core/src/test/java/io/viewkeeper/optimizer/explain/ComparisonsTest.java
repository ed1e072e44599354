// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.optimizer.explain.Comparisons.Column;
import io.viewkeeper.optimizer.explain.Comparisons.Comparison;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.PlanReader;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Map<Integer, Comparison> in(String filter) throws MalformedPlanException {
        var plan = JSON.createObjectNode()
                .put("Node Type", "Seq Scan")
                .put("Schema", "shop")
                .put("Relation Name", "orders")
                .put("Alias", "o")
                .put("Filter", filter);
        return Comparisons.in(PlanReader.read(plan.toString()).getFirst());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(o.amount >= $1) | >=",
                "((o.amount)::numeric < $1) | <",
                "((o.amount)::timestamp without time zone < ($1)::timestamp without time zone) | <",
                "($1 > o.amount) | <",
                "((o.id = 5) AND ($1 <= amount)) | >=",
                "(amount = $1) | =",
                "(amount <> ALL ($1)) | <>",
            })
    void aColumnIsComparedWithAParameterOnEitherSide(String filter, String operator) throws Exception {
        assertThat(in(filter)).hasSize(1).hasEntrySatisfying(1, comparison -> {
            assertThat(comparison.column()).isEqualTo(new Column("shop", "orders", "amount"));
            assertThat(comparison.operator()).isEqualTo(operator);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((o.amount + $1) > ?)",
                "((o.profile ->> $1) = ?)",
                "(lower(o.status) = $1)",
                "(date_trunc($1, o.placed) = ?)",
                "(o.placed > (now() - $1))",
                "((o.amount * o.pieces) > $1)",
                "($1 < (o.amount + ?))",
            })
    void whatIsCalculatedTellsNothingOfAParameter(String filter) throws Exception {
        assertThat(in(filter)).isEmpty();
    }

    @Test
    void eachParameterOfAListHasItsPlace() throws Exception {
        var found = in("((o.id = ANY (ARRAY[$1, $2, ($3)::integer])) AND (o.status <> ALL (ARRAY[$4, $5])))");
        assertThat(found).hasSize(5);
        assertThat(found.values()).extracting(Comparison::position).containsExactly(0, 1, 2, 0, 1);
        assertThat(found.values())
                .extracting(Comparison::list)
                .containsExactly(
                        Comparison.InList.ANY,
                        Comparison.InList.ANY,
                        Comparison.InList.ANY,
                        Comparison.InList.ALL,
                        Comparison.InList.ALL);
    }

    @Test
    void twoSidesOfOneColumnAreARange() throws Exception {
        var found = in("((o.id >= $1) AND ($2 > o.id) AND (o.amount < $3))");
        var one = Objects.requireNonNull(found.get(1));
        var two = Objects.requireNonNull(found.get(2));
        assertThat(one.closesRangeOf(two)).isTrue();
        assertThat(two.closesRangeOf(one)).isTrue();
        assertThat(one.closesRangeOf(Objects.requireNonNull(found.get(3)))).isFalse();
    }
}
