// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which metrics an expression of Prometheus, or a dashboard of Grafana, reads. */
final class MetricNames {
    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'");
    private static final Pattern LABELS_AND_RANGES = Pattern.compile("\\{[^}]*\\}|\\[[^\\]]*\\]");
    private static final Pattern LABEL_LISTS =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\w+|\\$\\{[^}]*\\}");
    private static final Pattern NAME = Pattern.compile("(?<![\\w:.])([a-zA-Z_:][\\w:]*)(?![\\w:])(?!\\s*\\()");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\(\\s*([a-zA-Z_:][\\w:]*)\\s*[{,]");

    private static final Set<String> WORDS = Set.of(
            "and",
            "or",
            "unless",
            "bool",
            "offset",
            "inf",
            "nan",
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right");

    private MetricNames() {}

    /** Of one expression. */
    static Set<String> in(String promql) {
        var bare = promql;
        for (var ignored : new Pattern[] {TEXT, LABELS_AND_RANGES, LABEL_LISTS, VARIABLE}) {
            bare = ignored.matcher(bare).replaceAll(" ");
        }
        var names = new TreeSet<String>();
        NAME.matcher(bare)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !WORDS.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(names::add);
        return names;
    }

    /** Of all panels and variables of a dashboard. */
    static Set<String> inDashboard(JsonNode dashboard) {
        var names = new TreeSet<String>();
        dashboard.findValues("expr").forEach(expression -> names.addAll(in(expression.asText())));
        for (var variable : dashboard.path("templating").path("list")) {
            LABEL_VALUES.matcher(variable.toString()).results().forEach(query -> names.add(query.group(1)));
        }
        return names;
    }
}
