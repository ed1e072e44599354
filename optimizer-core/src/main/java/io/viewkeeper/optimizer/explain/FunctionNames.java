// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.schema.sql.QuotedName;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Names that may be functions, in a statement, a function's body, or a plan. */
final class FunctionNames {
    private static final Set<String> CHANGES = Set.of(
            "insert",
            "update",
            "delete",
            "merge",
            "truncate",
            "execute",
            "copy",
            "call",
            "do",
            "listen",
            "notify",
            "lock",
            "create",
            "alter",
            "drop",
            "grant",
            "revoke",
            "set",
            "reset",
            "refresh",
            "vacuum",
            "commit",
            "rollback");

    /** Operators that the server looks up by name where the text has only a keyword. */
    private static final Map<String, List<String>> KEYWORD_OPERATORS = Map.ofEntries(
            Map.entry("in", List.of("=", "<>")),
            Map.entry("case", List.of("=")),
            Map.entry("nullif", List.of("=")),
            Map.entry("distinct", List.of("=")),
            Map.entry("using", List.of("=")),
            Map.entry("natural", List.of("=")),
            Map.entry("between", List.of("<", "<=", ">", ">=")),
            Map.entry("like", List.of("~~", "!~~")),
            Map.entry("ilike", List.of("~~*", "!~~*")),
            Map.entry("similar", List.of("~", "!~")));

    /** Bytes. */
    private static final int LONGEST_NAME = 63;

    private FunctionNames() {}

    static Named in(String text) {
        return of(Tokens.of(text));
    }

    /** As {@link #in}, and what a body must not begin a statement with if it promises to change nothing. */
    static Named inBody(String body) {
        var tokens = Tokens.of(body);
        boolean changes = false;
        for (int i = 0; i < tokens.size(); i++) {
            boolean starts = i == 0
                    || tokens.sign(i - 1, ";")
                    || tokens.sign(i - 1, "(")
                    || tokens.word(i - 1, "begin", "then", "else", "loop", "atomic", "query", "in", "as", "for");
            changes |= starts && CHANGES.contains(tokens.at(i).folded());
            // A text that is executed, wherever it stands; and escapes of one's own, which hide names.
            changes |= tokens.word(i, "execute", "uescape");
        }
        var named = of(tokens);
        return new Named(named.called(), named.all(), named.operators(), named.casts(), changes);
    }

    /** In a plan's expressions, where the server has spelled out what views hide. */
    static Named in(Plan plan, String json) {
        var called = new HashSet<String>();
        var all = new HashSet<String>();
        var operators = new HashSet<String>();
        plan.nodes().forEach(node -> {
            var name = node.target().function();
            if (name != null) {
                called.add(name);
            }
        });
        var tokens = of(Tokens.of(json.replace('"', ' ').replace("\\", "")));
        called.addAll(tokens.called());
        all.addAll(tokens.all());
        operators.addAll(tokens.operators());
        return new Named(called, all, operators, false, false);
    }

    private static Named of(Tokens tokens) {
        var called = new HashSet<String>();
        var all = new HashSet<String>();
        var operators = new HashSet<String>();
        boolean casts = false;
        for (int i = 0; i < tokens.size(); i++) {
            casts |= tokens.sign(i, "::") || tokens.word(i, "cast");
            if (tokens.operator(i)) {
                String operator = tokens.at(i).text();
                operators.add(operator.equals("!=") ? "<>" : operator);
            } else if (tokens.name(i)) {
                var names = namesOf(tokens.at(i));
                names.forEach(name -> operators.addAll(KEYWORD_OPERATORS.getOrDefault(name, List.of())));
                all.addAll(names);
                if (tokens.sign(i + 1, "(")) {
                    called.addAll(names);
                }
            }
        }
        return new Named(called, all, operators, casts, false);
    }

    /** What the server may take it for: it folds letters beyond ASCII in some encodings, and cuts names that are too long. */
    private static Set<String> namesOf(SqlToken token) {
        if (token.kind() == Kind.QUOTED_NAME) {
            return Set.of(cut(QuotedName.unquoted(token.text())));
        }
        var names = new HashSet<String>();
        names.add(cut(token.text().toLowerCase(Locale.ROOT)));
        var ascii = new StringBuilder();
        token.text().chars().forEach(c -> ascii.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)));
        names.add(cut(ascii.toString()));
        return names;
    }

    private static String cut(String name) {
        String cut = name;
        while (cut.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }

    /**
     * @param called what stands before a parenthesis
     * @param all every name
     * @param casts whether there are explicit casts
     * @param changes whether a statement among them changes something
     */
    record Named(Set<String> called, Set<String> all, Set<String> operators, boolean casts, boolean changes) {
        Named {
            called = Set.copyOf(called);
            all = Set.copyOf(all);
            operators = Set.copyOf(operators);
        }

        static Named none() {
            return new Named(Set.of(), Set.of(), Set.of(), false, false);
        }

        boolean isEmpty() {
            return all.isEmpty() && called.isEmpty() && operators.isEmpty() && !changes;
        }

        Named and(Named other) {
            return new Named(
                    union(called, other.called),
                    union(all, other.all),
                    union(operators, other.operators),
                    casts || other.casts,
                    changes || other.changes);
        }

        private static Set<String> union(Set<String> some, Set<String> others) {
            var all = new HashSet<>(some);
            all.addAll(List.copyOf(others));
            return all;
        }
    }
}
