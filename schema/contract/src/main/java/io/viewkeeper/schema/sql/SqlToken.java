// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.sql;

import java.util.Locale;

/**
 * A piece of a statement's text.
 *
 * @param start of its first character in the text
 */
public record SqlToken(Kind kind, String text, int start) {
    /** What a piece is. */
    public enum Kind {
        /** A keyword or a name that is not quoted. */
        WORD,
        /** A name in double quotes, U&amp;"…" too. */
        QUOTED_NAME,
        /** A string of any spelling: '…', E'…', B'…', X'…', N'…', U&amp;'…', $tag$…$tag$. */
        STRING,
        NUMBER,
        /** $1. */
        PARAMETER,
        OPERATOR,
        /** One of ( ) [ ] , ; . : and the doubles :: := .. */
        PUNCTUATION,
        COMMENT,
        WHITESPACE,
        /** A string, a name or a comment that does not end: everything from where it begins. */
        UNTERMINATED,
        /** A character that begins nothing. */
        UNKNOWN
    }

    /** Past its last character. */
    public int end() {
        return start + text.length();
    }

    /** Whether it is this keyword, in whatever case. */
    public boolean isWord(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    public boolean isPunctuation(String sign) {
        return kind == Kind.PUNCTUATION && text.equals(sign);
    }

    /** Whether it stands for a value: a string, a number, or the rest of a text that breaks off. */
    public boolean isLiteral() {
        return kind == Kind.STRING || kind == Kind.NUMBER || kind == Kind.UNTERMINATED;
    }

    /** Neither comment nor blank. */
    public boolean isMeaning() {
        return kind != Kind.COMMENT && kind != Kind.WHITESPACE;
    }

    /** Whether it may be a name; a keyword may, too. */
    public boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
    }

    /** What it names: folded, or without its quotes. */
    public String name() {
        return kind == Kind.QUOTED_NAME ? QuotedName.unquoted(text) : folded();
    }

    /** A word as the server folds it. */
    public String folded() {
        return kind == Kind.WORD ? text.toLowerCase(Locale.ROOT) : text;
    }
}
