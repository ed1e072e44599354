// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of metrics in a PromQL expression: no functions, no keywords, no labels, nothing inside strings or ranges. */
final class PromqlNames {
    private static final Pattern TOKEN = Pattern.compile("""
            (?<skip>\\s+|\\#[^\\n]*)
            |(?<string>"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`)
            |(?<number>[0-9][0-9a-zA-Z.]*)
            |(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)
            |(?<range>\\[[^\\]]*\\])
            |(?<sign>.)""", Pattern.COMMENTS | Pattern.DOTALL);

    /** A list of labels follows in parentheses. */
    private static final Set<String> BEFORE_LABELS =
            Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "atan2", "inf", "nan");

    private final List<String> tokens;
    private final Set<String> names = new TreeSet<>();
    private int at;

    private PromqlNames(List<String> tokens) {
        this.tokens = tokens;
    }

    static Set<String> of(String expression) {
        var promql = new PromqlNames(tokens(expression));
        promql.read();
        return promql.names;
    }

    private static List<String> tokens(String expression) {
        var tokens = new ArrayList<String>();
        Matcher matcher = TOKEN.matcher(expression);
        while (matcher.find()) {
            if (matcher.group("name") != null || matcher.group("sign") != null) {
                tokens.add(matcher.group());
            }
        }
        return tokens;
    }

    private void read() {
        while (at < tokens.size()) {
            String token = tokens.get(at++);
            if (token.equals("{")) {
                skipPast("}");
            } else if (isName(token)) {
                name(token);
            }
        }
    }

    private void name(String token) {
        String word = token.toLowerCase(Locale.ROOT);
        if (BEFORE_LABELS.contains(word)) {
            if (next().equals("(")) {
                skipPast(")");
            }
        } else if (!WORDS.contains(word) && !isFunction()) {
            names.add(token);
        }
    }

    /** Of a function or aggregation: its arguments come next, or {@code by (…)} and then its arguments. */
    private boolean isFunction() {
        return Set.of("(", "by", "without").contains(next().toLowerCase(Locale.ROOT));
    }

    private String next() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private void skipPast(String end) {
        while (at < tokens.size() && !tokens.get(at++).equals(end)) {
            // What is between is labels.
        }
    }

    private static boolean isName(String token) {
        char first = token.charAt(0);
        return Character.isLetter(first) || first == '_' || first == ':';
    }
}
