// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select * from t where a = $1          | SELECT *  FROM t -- why\\n WHERE a = 42",
                "select * from t where a in ($1, $2)   | select * from t where a in ($1 /*, ... */)",
                "select * from t where a in ($1, $2)   | select * from t where a in (1, 2, 3, 4, 5);",
                "select 'x', $$y$$                     | select $1, $2",
            })
    void whatSaysTheSameHasOneKey(String one, String other) {
        assertThat(StatementText.of(other.replace("\\n", "\n")).id())
                .isEqualTo(StatementText.of(one).id())
                .matches("[0-9a-f]{32}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select f($1)         | select f($1, $2)",
                "select a from t      | select b from t",
                "select \"A\" from t  | select \"a\" from t",
                "select a from t      | select a from s",
                "values ($1), ($2)    | values ($1)",
            })
    void whatSaysSomethingElseHasAnother(String one, String other) {
        assertThat(StatementText.of(one).id())
                .isNotEqualTo(StatementText.of(other).id());
    }

    @Test
    void theTextIsKeptWithoutItsValues() {
        assertThat(StatementText.of("  select \"Größe\", 'secret' -- 4711\nfrom t where x = $1 and y = 0x1F ")
                        .redacted())
                .isEqualTo("select \"Größe\", ?  \nfrom t where x = $1 and y = ?");
    }
}
