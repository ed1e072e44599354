// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pattern {@code schema.view} in which {@code *} stands for any characters. Names are matched as pg_catalog spells
 * them: case-sensitive, without quotes.
 */
record ViewPattern(String text, Pattern regex) {
    static ViewPattern of(String text) {
        String trimmed = text.trim();
        if (!trimmed.equals("*") && !trimmed.contains(".")) {
            throw new IllegalArgumentException(
                    "viewkeeper.refresh: pattern \"" + text + "\" must be schema.view, for example analytics.*");
        }
        String regex =
                Arrays.stream(trimmed.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return new ViewPattern(trimmed, Pattern.compile(regex, Pattern.DOTALL));
    }

    boolean matches(String view) {
        return regex.matcher(view).matches();
    }

    /** The closer of two patterns is the one that spells out more. */
    long literalCharacters() {
        return text.chars().filter(character -> character != '*').count();
    }
}
