// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a scrape of Prometheus' text format brought.
 *
 * @param series by name with labels, as written; two with the same are one
 */
public record ScrapePage(int bytes, Map<String, Double> series) {
    // A label's value may hold any character, but a quote only behind a backslash.
    private static final Pattern LINE =
            Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{(?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*+\")*+\\})?)\\s+(\\S+).*");

    public static ScrapePage of(String body) {
        var series = new HashMap<String, Double>();
        body.lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .forEach(line -> series.put(line.group(1), Prometheus.number(line.group(2))));
        return new ScrapePage(body.getBytes(StandardCharsets.UTF_8).length, Map.copyOf(series));
    }

    /** Series of this name: their labels, in braces, and values. */
    public Map<String, Double> named(String name) {
        var found = new HashMap<String, Double>();
        series.forEach((key, value) -> {
            if (key.equals(name) || key.startsWith(name + "{")) {
                found.put(key.substring(name.length()), value);
            }
        });
        return found;
    }
}
