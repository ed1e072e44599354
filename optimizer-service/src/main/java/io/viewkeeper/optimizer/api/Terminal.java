package io.viewkeeper.optimizer.api;

/** Text of strangers, made fit for a terminal. */
final class Terminal {
    private Terminal() {}

    /** Without characters that move a cursor or change a colour; blanks and ends of lines become blanks. */
    static String plain(String text) {
        var safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isWhitespace(c)) {
                safe.append(' ');
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                safe.append("\\u%04x".formatted(c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }
}
