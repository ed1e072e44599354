// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.http;

import io.viewkeeper.schema.log.OneLine;

/** Answers for terminals, beside those in JSON, and text of strangers in them. */
public final class Terminal {
    /** What a method that answers with text produces: JSON is preferred by whoever takes anything. */
    public static final String TEXT = "text/plain;charset=UTF-8;qs=0.5";

    private Terminal() {}

    /** Without characters that move a cursor or change a colour; blanks and ends of lines become blanks. */
    public static String plain(String text) {
        var line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> line.appendCodePoint(Character.isWhitespace(c) ? ' ' : c));
        return OneLine.of(line.toString());
    }
}
