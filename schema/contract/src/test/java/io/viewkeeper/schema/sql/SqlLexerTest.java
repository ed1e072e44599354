// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlLexerTest {
    private static final List<String> PIECES = List.of(
            "'",
            "''",
            "\"",
            "\\",
            "e'",
            "E'",
            "U&'",
            "u&\"",
            "b'",
            "X'",
            "n'",
            "$$",
            "$a$",
            "$",
            "$1",
            "$a",
            "a$b$c",
            "--",
            "\n",
            "\r",
            " ",
            "\t",
            "\u000b",
            "/*",
            "*/",
            "/*, ... */",
            "/",
            "*",
            "-",
            "+",
            "=",
            "<",
            ">",
            "@",
            "?",
            "|",
            "::",
            ":",
            ".",
            "..",
            ":=",
            "1",
            "0x",
            "0x1F",
            "0b1",
            "0x_f",
            "1_0",
            "1.",
            ".5",
            "1e",
            "1e5",
            "e-",
            "(",
            ")",
            "[",
            "]",
            ",",
            ";",
            "select",
            "é",
            "日本",
            "\ud83d\ude00",
            "\ud83d",
            "\u0000",
            "{",
            "}",
            "x'",
            "_",
            "uescape");

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            'it''s'                      ¦ STRING:'it''s'
            E'a\\'b' c                   ¦ STRING:E'a\\'b' WORD:c
            e'a''b'                      ¦ STRING:e'a''b'
            E'a\\\\' b                   ¦ STRING:E'a\\\\' WORD:b
            'a\\' b                      ¦ STRING:'a\\' WORD:b
            U&'d\\0061' UESCAPE '!'      ¦ STRING:U&'d\\0061' WORD:UESCAPE STRING:'!'
            u&"d""x"                     ¦ QUOTED_NAME:u&"d""x"
            u & 'a'                      ¦ WORD:u OPERATOR:& STRING:'a'
            u&a                          ¦ WORD:u OPERATOR:& WORD:a
            u&                           ¦ WORD:u OPERATOR:&
            b'01' X'1F' n'x' N'y'        ¦ STRING:b'01' STRING:X'1F' STRING:n'x' STRING:N'y'
            xe'a'                        ¦ WORD:xe STRING:'a'
            $$a'b$$ $x$ $$ $x$           ¦ STRING:$$a'b$$ STRING:$x$ $$ $x$
            $a$ $b$a$                    ¦ STRING:$a$ $b$a$
            $a$ x$aa$a$                  ¦ STRING:$a$ x$aa$a$
            $1$2 $1abc a$1               ¦ PARAMETER:$1 PARAMETER:$2 PARAMETER:$1 WORD:abc WORD:a$1
            $12                          ¦ PARAMETER:$12
            $a b                         ¦ UNKNOWN:$ WORD:a WORD:b
            $_1$x$_1$                    ¦ STRING:$_1$x$_1$
            1 1. .5 1.5 1e5 1.e-5 2E+7   ¦ NUMBER:1 NUMBER:1. NUMBER:.5 NUMBER:1.5 NUMBER:1e5 NUMBER:1.e-5 NUMBER:2E+7
            1_000 1_0.5_0 0x1F 0o17 0B01 ¦ NUMBER:1_000 NUMBER:1_0.5_0 NUMBER:0x1F NUMBER:0o17 NUMBER:0B01
            0x_1F 0xf                    ¦ NUMBER:0x_1F NUMBER:0xf
            0x 0b_ 0xg                   ¦ NUMBER:0 WORD:x NUMBER:0 WORD:b_ NUMBER:0 WORD:xg
            0 00 09                      ¦ NUMBER:0 NUMBER:00 NUMBER:09
            1e 1e+ 5abc                  ¦ NUMBER:1 WORD:e NUMBER:1 WORD:e OPERATOR:+ NUMBER:5 WORD:abc
            1..2                         ¦ NUMBER:1 PUNCTUATION:.. NUMBER:2
            1.5.3                        ¦ NUMBER:1.5 NUMBER:.3
            a.b a.5                      ¦ WORD:a PUNCTUATION:. WORD:b WORD:a NUMBER:.5
            a=-1                         ¦ WORD:a OPERATOR:= OPERATOR:- NUMBER:1
            a<>+-1                       ¦ WORD:a OPERATOR:<> OPERATOR:+ OPERATOR:- NUMBER:1
            a@-1                         ¦ WORD:a OPERATOR:@- NUMBER:1
            a?- b                        ¦ WORD:a OPERATOR:?- WORD:b
            -1                           ¦ OPERATOR:- NUMBER:1
            +-1                          ¦ OPERATOR:+ OPERATOR:- NUMBER:1
            a ->> 'x' #> b               ¦ WORD:a OPERATOR:->> STRING:'x' OPERATOR:#> WORD:b
            a=--b                        ¦ WORD:a OPERATOR:= COMMENT:--b
            a*/*b*/c                     ¦ WORD:a OPERATOR:* COMMENT:/*b*/ WORD:c
            /*a/*b*/c*/d                 ¦ COMMENT:/*a/*b*/c*/ WORD:d
            /**/a /***/b                 ¦ COMMENT:/**/ WORD:a COMMENT:/***/ WORD:b
            /*/ a */b                    ¦ COMMENT:/*/ a */ WORD:b
            /*/* a */b                   ¦ UNTERMINATED:/*/* a */b
            x::text y:=1 z:q             ¦ WORD:x PUNCTUATION::: WORD:text WORD:y PUNCTUATION::= NUMBER:1 WORD:z PUNCTUATION:: WORD:q
            (a[1],b);                    ¦ PUNCTUATION:( WORD:a PUNCTUATION:[ NUMBER:1 PUNCTUATION:] PUNCTUATION:, WORD:b PUNCTUATION:) PUNCTUATION:;
            "a""b".c                     ¦ QUOTED_NAME:"a""b" PUNCTUATION:. WORD:c
            größe _x é1$                 ¦ WORD:größe WORD:_x WORD:é1$
            'abc                         ¦ UNTERMINATED:'abc
            x 'a''                       ¦ WORD:x UNTERMINATED:'a''
            E'abc\\'                     ¦ UNTERMINATED:E'abc\\'
            E'abc\\                      ¦ UNTERMINATED:E'abc\\
            "abc                         ¦ UNTERMINATED:"abc
            U&"abc                       ¦ UNTERMINATED:U&"abc
            $x$ abc $y$                  ¦ UNTERMINATED:$x$ abc $y$
            /* abc                       ¦ UNTERMINATED:/* abc
            { \\                         ¦ UNKNOWN:{ UNKNOWN:\\
            """)
    void splitsAsTheServerDoes(String text, String expected) {
        assertThat(spelled(text)).isEqualTo(expected);
    }

    @Test
    void anEscapedStringGoesOnInTheNextLineAsItBegan() {
        assertThat(spelled("E'a'\n'b\\'c' d")).isEqualTo("STRING:E'a' STRING:'b\\'c' WORD:d");
        assertThat(spelled("E'a' -- why\r \t'b\\'c'\n'\\'' d"))
                .isEqualTo("STRING:E'a' COMMENT:-- why STRING:'b\\'c' STRING:'\\'' WORD:d");
    }

    @Test
    void anythingElseEndsIt() {
        assertThat(spelled("E'a' 'b\\'c")).isEqualTo("STRING:E'a' STRING:'b\\' WORD:c");
        assertThat(spelled("E'a'/**/\n'b\\'c")).isEqualTo("STRING:E'a' COMMENT:/**/ STRING:'b\\' WORD:c");
        assertThat(spelled("E'a'\n,\n'b\\'c")).isEqualTo("STRING:E'a' PUNCTUATION:, STRING:'b\\' WORD:c");
        assertThat(spelled("'a'\n'b\\'c")).isEqualTo("STRING:'a' STRING:'b\\' WORD:c");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", "\n", "\r", "\f", "\u000b"})
    void blanksAreTheServers(String blank) {
        assertThat(SqlLexer.tokens(blank))
                .singleElement()
                .satisfies(token -> assertThat(token.kind()).isEqualTo(Kind.WHITESPACE));
    }

    @Test
    void aNoBreakSpaceIsPartOfAName() {
        assertThat(SqlLexer.tokens("a\u00a0b")).hasSize(1);
        assertThat(SqlLexer.tokens("a\u007fb"))
                .extracting(SqlToken::kind)
                .containsExactly(Kind.WORD, Kind.UNKNOWN, Kind.WORD);
    }

    @Test
    void aLineEndsACommentButIsNotPartOfIt() {
        assertThat(SqlLexer.tokens("--a\nb--c\rd"))
                .extracting(SqlToken::text)
                .containsExactly("--a", "\n", "b", "--c", "\r", "d");
    }

    @Test
    void tokensKnowWhereTheyStand() {
        assertThat(SqlLexer.tokens("ab 'c'")).extracting(SqlToken::start).containsExactly(0, 2, 3);
        assertThat(SqlLexer.tokens("ab 'c'")).extracting(SqlToken::end).containsExactly(2, 3, 6);
    }

    @Test
    void everyCharacterIsInExactlyOneToken() {
        assertNothingIsLost(2_000);
    }

    @Test
    @Tag("release")
    void everyCharacterOfManyTextsIsInExactlyOneToken() {
        assertNothingIsLost(30_000);
    }

    private static void assertNothingIsLost(int texts) {
        var random = new Random(4);
        for (int i = 0; i < texts; i++) {
            String text = nasty(random);
            List<SqlToken> tokens = SqlLexer.tokens(text);
            assertThat(tokens.stream().map(SqlToken::text).collect(Collectors.joining()))
                    .isEqualTo(text);
            int at = 0;
            for (SqlToken token : tokens) {
                assertThat(token.start()).isEqualTo(at);
                assertThat(token.text()).isNotEmpty();
                at = token.end();
            }
        }
    }

    private static String nasty(Random random) {
        var text = new StringBuilder();
        int pieces = 1 + random.nextInt(14);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    static List<String> beginnings() {
        return List.of(
                "(", "'", "\"", "/*", "*/", "$", "$a", "$a$", "$a$b", "E'", "E'\\'", "E'a'\n", "--", "-", "1", "1_",
                "1.", "0x", "a", "a$", ".", "U&", "U&'", "\\", "?", "+", "\n", "é");
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void aLongTextTakesLinearTime(String piece) throws InterruptedException {
        assertReadWithin(Duration.ofSeconds(1), piece, 1 << 18);
    }

    @Tag("release")
    @ParameterizedTest
    @MethodSource("beginnings")
    void aMegabyteTakesLinearTime(String piece) throws InterruptedException {
        assertReadWithin(Duration.ofSeconds(5), piece, 1 << 20);
    }

    /** Of the processor's time: a machine that pauses takes none. In quadratic time, either length would take far longer. */
    private static void assertReadWithin(Duration limit, String piece, int characters) throws InterruptedException {
        String text = piece.repeat(characters / piece.length());
        var reader = Thread.ofPlatform().daemon().unstarted(() -> SqlLexer.tokens(text));
        var failure = new AtomicReference<@Nullable Throwable>();
        reader.setUncaughtExceptionHandler((_, thrown) -> failure.set(thrown));
        reader.start();
        while (!reader.join(Duration.ofMillis(20))) {
            long taken = ManagementFactory.getThreadMXBean().getThreadCpuTime(reader.threadId());
            assertThat(taken).as("nanoseconds for %s…", piece).isLessThan(limit.toNanos());
        }
        assertThat(failure.get()).isNull();
    }

    @Test
    void meaningLeavesOutBlanksAndComments() {
        assertThat(SqlLexer.meaning("select /* a */ 1 -- b"))
                .extracting(SqlToken::text)
                .containsExactly("select", "1");
    }

    @Test
    void tokensTellWhatTheyAre() {
        var tokens = SqlLexer.meaning("Select \"Select\" ; 'x' 1 $1 'y");
        assertThat(tokens)
                .extracting(token -> token.isWord("SELECT"))
                .containsExactly(true, false, false, false, false, false, false);
        assertThat(tokens)
                .extracting(token -> token.isPunctuation(";"))
                .containsExactly(false, false, true, false, false, false, false);
        assertThat(tokens)
                .extracting(SqlToken::isLiteral)
                .containsExactly(false, false, false, true, true, false, true);
        assertThat(tokens.get(0).folded()).isEqualTo("select");
        assertThat(tokens.get(1).folded()).isEqualTo("\"Select\"");
        assertThat(tokens.get(2).isPunctuation(",")).isFalse();
    }

    private static String spelled(String text) {
        return SqlLexer.tokens(text).stream()
                .filter(token -> token.kind() != Kind.WHITESPACE)
                .map(token -> token.kind() + ":" + token.text())
                .collect(Collectors.joining(" "));
    }
}
