package io.viewkeeper.optimizer.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
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
            """)
    void literalsAndCommentsGo(String text, String expected) {
        assertThat(Redaction.of(text).strip())
                .isEqualTo(expected.replace("``", "").strip());
    }

    @Test
    void noLiteralIsLeftOfAnything() {
        var random = new Random(5);
        for (int i = 0; i < 30_000; i++) {
            String text = SqlLexerTest.nasty(random);
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
}
