// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static List<String> in(String condition) {
        return Comparison.in(condition, "o").stream()
                .map(one -> one.column() + (one.equality() ? " =" : " <"))
                .toList();
    }

    @Test
    void findsColumnsThatAreCompared() {
        assertThat(in("(o.a = 1)")).containsExactly("a =");
        assertThat(in("((o.a = 1) AND (o.b > 2) AND (o.c <= now()))")).containsExactly("a =", "b <", "c <");
        assertThat(in("((o.a >= 1) AND (o.a < 5))")).containsExactly("a <");
        assertThat(in("(((o.a = 1) AND (o.b = 2)) AND (o.c = 3))")).containsExactly("a =", "b =", "c =");
        assertThat(in("(o.status = ANY ('{a,b}'::text[]))")).containsExactly("status =");
        assertThat(in("((o.status)::text = 'x'::text)")).containsExactly("status =");
        assertThat(in("(a = 1)")).containsExactly("a =");
        assertThat(in("(o.\"Odd \"\"Name\" = 1)")).containsExactly("Odd \"Name =");
    }

    /** As the service reads them: plans reach the rules without their values. */
    @Test
    void findsColumnsThatAreComparedWithARedactedValue() {
        assertThat(in("(o.a >= ?::date)")).containsExactly("a <");
        assertThat(in("((o.a = ?) AND (o.b < -?))")).containsExactly("a =", "b <");
        assertThat(in("(o.a = -?)")).containsExactly("a =");
        assertThat(in("(o.a ? ?::text)")).isEmpty();
    }

    @Test
    void takesTheOtherSideOfAJoin() {
        assertThat(in("(c.id = o.customer_id)")).containsExactly("customer_id =");
        assertThat(in("(o.customer_id = c.id)")).containsExactly("customer_id =");
    }

    /** Then own columns, and no others, stand without an alias. */
    @Test
    void knowsItsColumnsWithoutVerboseToo() {
        assertThat(in("(x.c = c)")).containsExactly("c =");
        assertThat(in("(c = x.c)")).containsExactly("c =");
        assertThat(in("(1 = a)")).containsExactly("a =");
        assertThat(in("(at > ?::date)")).containsExactly("at <");
        assertThat(in("(a > at)")).isEmpty();
        assertThat(in("(CURRENT_DATE > day)")).containsExactly("day <");
        assertThat(in("(a > b)")).isEmpty();
        assertThat(in("(a = (b + 1))")).isEmpty();
        assertThat(in("((a = b) AND (c = lower(x.d)))")).containsExactly("c =");
        assertThat(in("(\"Odd Name\" = x.c)")).containsExactly("Odd Name =");
    }

    /** What is asked for each row is no value. */
    @Test
    void leavesSubqueriesOfTheRowOut() {
        assertThat(in("(o.a = (SubPlan 1))")).isEmpty();
        assertThat(in("(o.a = (InitPlan 1).col1)")).containsExactly("a =");
        assertThat(in("(o.a = $0)")).containsExactly("a =");
    }

    @Test
    void leavesOutWhatAnIndexCannotServe() {
        assertThat(in("(o.a <> 1)")).isEmpty();
        assertThat(in("((o.a = 1) OR (o.b = 2))")).isEmpty();
        assertThat(in("(lower(o.a) = 'x'::text)")).isEmpty();
        assertThat(in("((o.a)::date = '2026-01-01'::date)")).isEmpty();
        assertThat(in("(o.a = o.b)")).isEmpty();
        assertThat(in("(o.a = (o.b + 1))")).isEmpty();
        assertThat(in("((o.a + 1) = c.x)")).isEmpty();
        assertThat(in("(c.a = 1)")).isEmpty();
        assertThat(in("(o.a ~~ 'x%'::text)")).isEmpty();
        assertThat(in("(o.flag)")).isEmpty();
        assertThat(in("(o.a IS NULL)")).isEmpty();
        assertThat(in("")).isEmpty();
        assertThat(Comparison.in(null, "o")).isEmpty();
    }

    @Test
    void keepsWhatStandsBesideThem() {
        assertThat(in("((o.a = 1) AND ((o.b = 2) OR (o.c = 3)) AND (o.d = $1))"))
                .containsExactly("a =", "d =");
        assertThat(in("((o.a = ((1 + 2) * 3)) AND (NOT (hashed SubPlan 1)))")).containsExactly("a =");
    }
}
