// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

/** Characters that pages, word processors and terminals put in the place of others, or where nobody sees them. */
final class Characters {
    private static final String LINE_END = "\n";

    private Characters() {}

    /** With plain blanks, and lines that end with one character. Curved quotes are none where there are straight ones. */
    static String plain(String text) {
        boolean curvedDouble = text.indexOf('"') < 0;
        boolean curvedSingle = text.indexOf('\'') < 0;
        var plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            switch (sign) {
                // Blanks that do not break, and of other widths.
                case '\u00a0', '\u2007', '\u202f', '\u2002', '\u2003', '\u2009', '\u3000' -> plain.append(' ');
                // A byte order mark, and what has no width.
                case '\ufeff', '\u200b', '\u2060' -> {}
                case '\u201c', '\u201d' -> plain.append(curvedDouble ? '"' : sign);
                case '\u2018', '\u2019' -> plain.append(curvedSingle ? '\'' : sign);
                // Before the end of a line of Windows it is no line of its own.
                case '\r' -> plain.append(text.startsWith("\r\n", i) ? "" : LINE_END);
                default -> plain.append(sign);
            }
        }
        return plain.toString();
    }
}
