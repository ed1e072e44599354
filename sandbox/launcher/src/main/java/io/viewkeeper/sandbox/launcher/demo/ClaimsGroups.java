// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The groups of the claims workload as settings of the refresher, which itself knows nothing of claims. */
public final class ClaimsGroups {
    private static final String PRODUCTION = "claims-groups.properties";
    private static final String PREFIX = "viewkeeper.refresh.groups.";
    private static final String SUFFIX = ".interval";

    private ClaimsGroups() {}

    /** As in production: every 5 minutes, hour and 30 minutes. */
    static Map<String, String> production() {
        try (var file = new InputStreamReader(
                Objects.requireNonNull(ClaimsGroups.class.getResourceAsStream(PRODUCTION), PRODUCTION),
                StandardCharsets.UTF_8)) {
            var properties = new Properties();
            properties.load(file);
            var settings = new TreeMap<String, String>();
            properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read " + PRODUCTION, e);
        }
    }

    /** The same groups, each at another interval. */
    public static Map<String, String> every(Map<String, Duration> intervals) {
        var settings = production();
        intervals.forEach((group, interval) -> {
            var setting = PREFIX + group + SUFFIX;
            if (settings.replace(setting, interval.toString()) == null) {
                throw new IllegalArgumentException("no group " + group);
            }
        });
        return settings;
    }

    /** For people: each group with its interval. */
    static String describe(Map<String, String> settings) {
        var words = new LinkedHashMap<String, String>();
        settings.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
                words.put(name.substring(PREFIX.length(), name.length() - SUFFIX.length()), interval(value));
            }
        });
        return words.entrySet().stream()
                .map(group -> group.getKey() + " every " + group.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String interval(String iso) {
        var duration = Duration.parse(iso);
        return duration.toSeconds() % 60 == 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }
}
