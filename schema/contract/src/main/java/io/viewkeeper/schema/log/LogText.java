// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.log;

/** What strangers send, made fit for one line of a log. */
public final class LogText {
    private static final int LONGEST = 300;

    private LogText() {}

    /** Bounded, and {@link OneLine}. */
    public static String of(String text) {
        int length = text.codePointCount(0, text.length());
        return length > LONGEST
                ? OneLine.of(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + "…"
                : OneLine.of(text);
    }

    /** Whether {@link #of} would leave each of its characters as it is. */
    public static boolean isPlain(String text) {
        return OneLine.isPlain(text);
    }
}
