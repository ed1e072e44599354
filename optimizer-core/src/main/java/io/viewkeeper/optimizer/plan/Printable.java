// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.ArrayList;
import java.util.List;

/** Texts for a terminal, which obeys some characters and hides others. */
final class Printable {
    private static final String CUT = "…";

    private Printable() {}

    /** With \\u001b in place of what is not to be seen, or changes how the rest is seen. */
    static String escaped(String text) {
        var escaped = new StringBuilder(text.length());
        text.codePoints().forEach(sign -> {
            if (isSafe(sign)) {
                escaped.appendCodePoint(sign);
            } else if (sign <= 0xffff) {
                escaped.append("\\u%04x".formatted(sign));
            } else {
                escaped.append("\\U%08x".formatted(sign));
            }
        });
        return escaped.toString();
    }

    private static boolean isSafe(int sign) {
        return switch (Character.getType(sign)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** Escaped, in no more than so many columns. */
    static String cut(String text, int width) {
        String escaped = escaped(text);
        if (escaped.codePointCount(0, escaped.length()) <= width) {
            return escaped;
        }
        return escaped.substring(0, escaped.offsetByCodePoints(0, width - 1)) + CUT;
    }

    /** Escaped, in lines of no more than so many columns, broken between words where there are any. */
    static List<String> wrapped(String text, int width) {
        var lines = new ArrayList<String>();
        String rest = escaped(text).strip();
        while (rest.codePointCount(0, rest.length()) > width) {
            int most = rest.offsetByCodePoints(0, width);
            int blank = rest.lastIndexOf(' ', most);
            int end = blank > 0 ? blank : most;
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).strip();
        }
        if (!rest.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }
}
