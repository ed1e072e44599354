// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.ConditionColumns;
import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One part of a condition that a B-tree index could serve: a plain column compared with something that is not of its relation.
 *
 * @param equality whether with = (also = ANY), else a range
 * @param asText whether the column is cast to text: of a varchar an index serves all the same, of a number it does not
 */
record Comparison(String column, boolean equality, boolean asText) {
    private static final Set<String> RANGES = Set.of("<", "<=", ">", ">=");

    /** Words of expressions that are names of columns, too, and not quoted as such. */
    private static final Set<String> NOT_RESERVED = Set.of("at", "zone");

    /** Columns that every table has, and no index can hold. */
    static final Set<String> OF_THE_SYSTEM = Set.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid");

    /** What stands for a value in a plan without any; it looks like an operator. */
    private static final Set<String> REDACTED = Set.of("?", "-?", "+?");

    /** Those in a condition on the relation with this alias, in their order; parts joined by OR are left out. */
    static List<Comparison> in(@Nullable String condition, @Nullable String alias) {
        return condition == null ? List.of() : all(SqlLexer.meaning(condition), alias);
    }

    static List<Comparison> all(List<SqlToken> condition, @Nullable String alias) {
        var found = new ArrayList<Comparison>();
        for (List<SqlToken> part : parts(condition, "and")) {
            var comparison = of(part, alias);
            if (comparison != null && found.stream().noneMatch(one -> one.column.equals(comparison.column))) {
                found.add(comparison);
            }
        }
        return found;
    }

    /** What a condition joins by AND, or by OR, without the parentheses around each; itself where it joins nothing. */
    static List<List<SqlToken>> parts(List<SqlToken> condition, String word) {
        var parts = new ArrayList<List<SqlToken>>();
        split(condition, word, parts);
        return parts;
    }

    private static void split(List<SqlToken> condition, String word, List<List<SqlToken>> parts) {
        var tokens = ColumnReference.unwrapped(condition);
        var places = topLevel(tokens, token -> token.isWord(word));
        if (places.isEmpty()) {
            parts.add(tokens);
            return;
        }
        int from = 0;
        for (int i : places) {
            split(tokens.subList(from, i), word, parts);
            from = i + 1;
        }
        split(tokens.subList(from, tokens.size()), word, parts);
    }

    /** Of one part alone; null where an index on a plain column serves it not. */
    static @Nullable Comparison of(List<SqlToken> tokens, @Nullable String alias) {
        var signs = signs(tokens);
        if (signs.size() != 1 || has(tokens, "or") || has(tokens, "subplan") || has(tokens, "all")) {
            return null;
        }
        int at = signs.getFirst();
        String sign = tokens.get(at).text();
        if (!sign.equals("=") && !RANGES.contains(sign)) {
            return null;
        }
        var left = tokens.subList(0, at);
        var right = tokens.subList(at + 1, tokens.size());
        if (isOwn(left, alias) && !mentions(right, alias)) {
            return comparison(left, sign);
        }
        return isOwn(right, alias) && !mentions(left, alias) ? comparison(right, sign) : null;
    }

    private static @Nullable Comparison comparison(List<SqlToken> column, String sign) {
        var reference = ColumnReference.of(column);
        return reference == null || OF_THE_SYSTEM.contains(reference.column())
                ? null
                : new Comparison(
                        reference.column(),
                        sign.equals("="),
                        column.stream().anyMatch(token -> token.isPunctuation("::")));
    }

    private static boolean isOwn(List<SqlToken> tokens, @Nullable String alias) {
        var reference = ColumnReference.of(tokens);
        return reference != null && reference.mayBeOf(alias) && mentions(tokens, alias);
    }

    /** Whether a column of the relation is in it: without VERBOSE its own columns, and no others, stand without an alias. */
    static boolean mentions(List<SqlToken> tokens, @Nullable String alias) {
        return !columns(tokens, alias).isEmpty();
    }

    /** The columns of the relation in an expression, without the alias. */
    static List<String> columns(List<SqlToken> tokens, @Nullable String alias) {
        var own = new ArrayList<String>();
        var alone = ColumnReference.of(tokens);
        if (alone != null && alone.alias() == null && NOT_RESERVED.contains(alone.column())) {
            own.add(alone.column());
        }
        for (String column : ConditionColumns.of(tokens)) {
            int dot = column.indexOf('.');
            if (dot < 0) {
                own.add(column);
            } else if (unquoted(column.substring(0, dot)).equals(alias)) {
                own.add(column.substring(dot + 1));
            }
        }
        return own;
    }

    private static String unquoted(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    private static boolean has(List<SqlToken> tokens, String word) {
        return tokens.stream().anyMatch(token -> token.isWord(word));
    }

    /** Where its operators stand, without those in parentheses and what stands for a value. */
    static List<Integer> signs(List<SqlToken> tokens) {
        return topLevel(tokens, token -> token.kind() == Kind.OPERATOR && !REDACTED.contains(token.text()));
    }

    static List<Integer> topLevel(List<SqlToken> tokens, Predicate<SqlToken> wanted) {
        var places = new ArrayList<Integer>();
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            depth += ColumnReference.depthOf(tokens.get(i));
            if (depth == 0 && wanted.test(tokens.get(i))) {
                places.add(i);
            }
        }
        return places;
    }
}
