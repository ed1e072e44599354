package io.viewkeeper.schema.access;

/** What strangers send, made fit for one line of a log. */
public final class LogText {
    private static final int LONGEST = 300;

    private LogText() {}

    /** Bounded, and without characters that end a line or move a terminal's cursor. */
    public static String of(String text) {
        var safe = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> {
            if (isPlain(c)) {
                safe.appendCodePoint(c);
            } else {
                safe.append("\\u%04x".formatted(c));
            }
        });
        return text.codePointCount(0, text.length()) > LONGEST ? safe + "…" : safe.toString();
    }

    /** Whether {@link #of} would leave each of its characters as it is. */
    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(LogText::isPlain);
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
