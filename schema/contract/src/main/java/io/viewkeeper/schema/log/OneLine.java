// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.log;

/** Text without characters that end a line, move a terminal's cursor or are not seen. */
public final class OneLine {
    private OneLine() {}

    /** Each such character as {@code \}{@code u000a}. */
    public static String of(String text) {
        if (isPlain(text)) {
            return text;
        }
        var safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isPlain(c)) {
                safe.appendCodePoint(c);
            } else {
                safe.append("\\u%04x".formatted(c));
            }
        });
        return safe.toString();
    }

    /** Whether {@link #of} would leave each of its characters as it is. */
    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(OneLine::isPlain);
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
