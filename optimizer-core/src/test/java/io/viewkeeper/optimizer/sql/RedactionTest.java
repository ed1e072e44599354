// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    /** What can begin, end or change a literal, and little else; SqlLexerTest has whole pieces of SQL. */
    private static final String CHARACTERS =
            "'''''\"\"\\\\$$$eEuU&bBxXnNaf_01.--//**\n\r\t ,:;=<>?|@+()[]{}é日\ud83d\ude00\u0000";

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            a = 'x'::text                   ¦ a = ?::text
            a = ANY ('{x,y}'::text[])       ¦ a = ANY (?::text[])
            a = '-1'::integer               ¦ a = ?::integer
            a = -1                          ¦ a = -?
            a IS NULL AND b = true          ¦ a IS NULL AND b = true
            "it's".x = $1                   ¦ "it's".x = $1
            a IN ($1 /*, ... */)            ¦ a IN ($1 /*, ... */)
            a /* secret */ = /*, ... */ 1   ¦ a   = /*, ... */ ?
            a -- secret                     ¦ a `` ``
            interval '3 days' + 1e5         ¦ interval ? + ?
            'it''s' || E'\\'' || $x$y$x$    ¦ ? || ? || ?
            a = 'cut off in the midd        ¦ a = ?
            (ANY (a = (SubPlan 12).col1))   ¦ (ANY (a = (SubPlan 12).col1))
            a = (InitPlan 1).col1 + 1       ¦ a = (InitPlan 1).col1 + ?
            "SubPlan" 12 subplan 12         ¦ "SubPlan" ? subplan ?
            """)
    void literalsAndCommentsGo(String text, String expected) {
        assertThat(Redaction.of(text).strip())
                .isEqualTo(expected.replace("``", "").strip());
    }

    @Test
    void noLiteralIsLeftOfAnything() {
        var random = new Random(5);
        for (int i = 0; i < 30_000; i++) {
            String text = nasty(random);
            String safe = Redaction.of(text);
            assertThat(SqlLexer.tokens(safe)).as(text).noneMatch(SqlToken::isLiteral);
            assertThat(Redaction.of(safe)).as(text).isEqualTo(safe);
        }
    }

    /** The control: a value in the place of any literal never comes through. */
    @Test
    void whatStandsInALiteralIsGone() {
        var random = new Random(6);
        String[] quotes = {"'§'", "E'§'", "$$§$$", "$t$§$t$", "U&'§'", "E'\\'§'", "'''§'", "/*§*/", "--§\n", "x'§'"};
        for (int i = 0; i < 5_000; i++) {
            String text = "select a, " + quotes[random.nextInt(quotes.length)].replace("§", "secret")
                    + " from t where b = " + quotes[random.nextInt(quotes.length)].replace("§", "secret");
            assertThat(text).contains("secret");
            assertThat(Redaction.of(text)).as(text).doesNotContain("secret");
        }
    }

    private static String nasty(Random random) {
        return random.ints(1 + random.nextInt(25), 0, CHARACTERS.length())
                .mapToObj(at -> String.valueOf(CHARACTERS.charAt(at)))
                .collect(Collectors.joining());
    }
}
