// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.sql;

import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a text as the server's scanner does (scan.l of PostgreSQL 15 to 18, standard_conforming_strings on). Every
 * character of the text is in exactly one token; no text is refused.
 */
public final class SqlLexer {
    private static final String OPERATOR_SIGNS = "+-*/<>=~!@#%^&|`?";
    /** With one of these an operator may end with + or -. */
    private static final String SIGNS_BEYOND_SQL = "~!@#%^&|`?";

    private static final String PUNCTUATION_SIGNS = "()[],;.:";

    private final String text;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int at;
    /** A string goes on in the next line as it began: E'a' newline 'b\'c' is one literal. */
    private Continuation continuation = Continuation.NONE;

    private enum Continuation {
        NONE,
        /** An E string just ended. */
        SAME_LINE,
        /** And a line after it. */
        NEXT_LINE
    }

    private SqlLexer(String text) {
        this.text = text;
    }

    /** All tokens, in order, blanks and comments too. */
    public static List<SqlToken> tokens(String text) {
        var lexer = new SqlLexer(text);
        while (lexer.at < text.length()) {
            lexer.next();
        }
        return List.copyOf(lexer.tokens);
    }

    /** All tokens but blanks and comments. */
    public static List<SqlToken> meaning(String text) {
        return tokens(text).stream().filter(SqlToken::isMeaning).toList();
    }

    private void next() {
        char c = text.charAt(at);
        if (isBlank(c)) {
            add(Kind.WHITESPACE, endOf(at, SqlLexer::isBlank));
        } else if (text.startsWith("--", at)) {
            add(Kind.COMMENT, endOf(at, sign -> sign != '\n' && sign != '\r'));
        } else if (text.startsWith("/*", at)) {
            comment();
        } else if (c == '\'') {
            quoted(Kind.STRING, at, '\'', continuation == Continuation.NEXT_LINE);
        } else if (c == '"') {
            quoted(Kind.QUOTED_NAME, at, '"', false);
        } else if (c == '$') {
            dollar();
        } else if (isDigit(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
            number();
        } else if (isNameStart(c)) {
            word();
        } else if (PUNCTUATION_SIGNS.indexOf(c) >= 0) {
            add(Kind.PUNCTUATION, isDouble() ? at + 2 : at + 1);
        } else if (OPERATOR_SIGNS.indexOf(c) >= 0) {
            operator();
        } else {
            add(Kind.UNKNOWN, at + Character.charCount(text.codePointAt(at)));
        }
    }

    private boolean isDouble() {
        return text.startsWith("::", at) || text.startsWith(":=", at) || text.startsWith("..", at);
    }

    private void word() {
        char c = text.charAt(at);
        char following = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        if (following == '\'' && "eEbBxXnN".indexOf(c) >= 0) {
            quoted(Kind.STRING, at + 1, '\'', c == 'e' || c == 'E');
        } else if ((c == 'u' || c == 'U')
                && following == '&'
                && at + 2 < text.length()
                && (text.charAt(at + 2) == '\'' || text.charAt(at + 2) == '"')) {
            char quote = text.charAt(at + 2);
            quoted(quote == '"' ? Kind.QUOTED_NAME : Kind.STRING, at + 2, quote, false);
        } else {
            add(Kind.WORD, endOf(at, sign -> isNameStart(sign) || isDigit(sign) || sign == '$'));
        }
    }

    /** @param open where its first quote is; what stands before it belongs to it */
    private void quoted(Kind kind, int open, char quote, boolean backslashes) {
        int i = open + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (backslashes && c == '\\') {
                i += 2;
            } else if (c != quote) {
                i++;
            } else if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                i += 2;
            } else {
                add(kind, i + 1);
                continuation = backslashes ? Continuation.SAME_LINE : Continuation.NONE;
                return;
            }
        }
        add(Kind.UNTERMINATED, text.length());
    }

    /** Nested, as in SQL and unlike in C. */
    private void comment() {
        int depth = 1;
        int i = at + 2;
        while (i < text.length() && depth > 0) {
            if (text.startsWith("/*", i)) {
                depth++;
                i += 2;
            } else if (text.startsWith("*/", i)) {
                depth--;
                i += 2;
            } else {
                i++;
            }
        }
        add(depth == 0 ? Kind.COMMENT : Kind.UNTERMINATED, Math.min(i, text.length()));
    }

    private void dollar() {
        int digits = endOf(at + 1, SqlLexer::isDigit);
        if (digits > at + 1) {
            add(Kind.PARAMETER, digits);
            return;
        }
        int tagEnd = at + 1 < text.length() && isNameStart(text.charAt(at + 1))
                ? endOf(at + 1, sign -> isNameStart(sign) || isDigit(sign))
                : at + 1;
        if (tagEnd >= text.length() || text.charAt(tagEnd) != '$') {
            add(Kind.UNKNOWN, at + 1);
            return;
        }
        String tag = text.substring(at, tagEnd + 1);
        int close = text.indexOf(tag, tagEnd + 1);
        add(close < 0 ? Kind.UNTERMINATED : Kind.STRING, close < 0 ? text.length() : close + tag.length());
    }

    private void number() {
        int prefixed = endOfPrefixed();
        if (prefixed > at) {
            add(Kind.NUMBER, prefixed);
            return;
        }
        int end = endOf(at, SqlLexer::isInNumber);
        // The dots of "1..2", a range of PL/pgSQL, are not the number's.
        if (end < text.length() && text.charAt(end) == '.' && !text.startsWith("..", end)) {
            end = endOf(end + 1, SqlLexer::isInNumber);
        }
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int digits = end + 1 < text.length() && "+-".indexOf(text.charAt(end + 1)) >= 0 ? end + 2 : end + 1;
            if (digits < text.length() && isDigit(text.charAt(digits))) {
                end = endOf(digits, SqlLexer::isInNumber);
            }
        }
        add(Kind.NUMBER, end);
    }

    /** Of 0x1F, 0o17, 0b101, 0x_1F (16 and newer); where it begins if it is none. */
    private int endOfPrefixed() {
        if (text.charAt(at) != '0' || at + 1 == text.length() || "xXoObB".indexOf(text.charAt(at + 1)) < 0) {
            return at;
        }
        int digits = at + 2 < text.length() && text.charAt(at + 2) == '_' ? at + 3 : at + 2;
        return digits < text.length() && isHexDigit(text.charAt(digits))
                ? endOf(digits, sign -> isHexDigit(sign) || sign == '_')
                : at;
    }

    /** Ends before a comment, which an operator cannot hold. */
    private void operator() {
        int end = at + 1;
        while (end < text.length()
                && OPERATOR_SIGNS.indexOf(text.charAt(end)) >= 0
                && !text.startsWith("--", end)
                && !text.startsWith("/*", end)) {
            end++;
        }
        add(Kind.OPERATOR, withoutSigns(end));
        // What was left out would lose its own last signs again, one by one.
        while (at < end) {
            add(Kind.OPERATOR, at + 1);
        }
    }

    /** So that "a=-1" is a comparison: an operator of only SQL's own signs does not end with + or -. */
    private int withoutSigns(int end) {
        for (int i = at; i < end; i++) {
            if (SIGNS_BEYOND_SQL.indexOf(text.charAt(i)) >= 0) {
                return end;
            }
        }
        int last = end;
        while (last > at + 1 && "+-".indexOf(text.charAt(last - 1)) >= 0) {
            last--;
        }
        return last;
    }

    private void add(Kind kind, int end) {
        int stop = Math.min(end, text.length());
        String piece = text.substring(at, stop);
        tokens.add(new SqlToken(kind, piece, at));
        at = stop;
        continuation = continuationAfter(kind, piece);
    }

    private Continuation continuationAfter(Kind kind, String piece) {
        if (continuation == Continuation.NONE || (kind == Kind.COMMENT && piece.startsWith("--"))) {
            return continuation;
        }
        if (kind != Kind.WHITESPACE) {
            return Continuation.NONE;
        }
        return piece.indexOf('\n') >= 0 || piece.indexOf('\r') >= 0 ? Continuation.NEXT_LINE : continuation;
    }

    @FunctionalInterface
    private interface Sign {
        boolean matches(char sign);
    }

    private int endOf(int from, Sign sign) {
        int end = from;
        while (end < text.length() && sign.matches(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isInNumber(char c) {
        return isDigit(c) || c == '_';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u000b';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isHexDigit(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    /** Every byte above ASCII may be in a name. */
    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    }
}
