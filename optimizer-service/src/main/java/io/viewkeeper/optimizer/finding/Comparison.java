package io.viewkeeper.optimizer.finding;

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
 */
record Comparison(String column, boolean equality) {
    private static final Set<String> RANGES = Set.of("<", "<=", ">", ">=");

    /** What stands for a value in a plan without any; it looks like an operator. */
    private static final Set<String> REDACTED = Set.of("?", "-?", "+?");

    /** Those in a condition on the relation with this alias, in their order; parts joined by OR are left out. */
    static List<Comparison> in(@Nullable String condition, @Nullable String alias) {
        var found = new ArrayList<Comparison>();
        if (condition != null) {
            collect(SqlLexer.meaning(condition), alias, found);
        }
        return found;
    }

    private static void collect(List<SqlToken> condition, @Nullable String alias, List<Comparison> found) {
        var tokens = ColumnReference.unwrapped(condition);
        int from = 0;
        for (int i : topLevel(tokens, token -> token.isWord("and"))) {
            collect(tokens.subList(from, i), alias, found);
            from = i + 1;
        }
        if (from > 0) {
            collect(tokens.subList(from, tokens.size()), alias, found);
            return;
        }
        var comparison = comparison(tokens, alias);
        if (comparison != null && found.stream().noneMatch(one -> one.column.equals(comparison.column))) {
            found.add(comparison);
        }
    }

    private static @Nullable Comparison comparison(List<SqlToken> tokens, @Nullable String alias) {
        var signs = topLevel(tokens, token -> token.kind() == Kind.OPERATOR && !REDACTED.contains(token.text()));
        if (signs.size() != 1 || !topLevel(tokens, token -> token.isWord("or")).isEmpty()) {
            return null;
        }
        int at = signs.getFirst();
        String sign = tokens.get(at).text();
        if (!sign.equals("=") && !RANGES.contains(sign)) {
            return null;
        }
        String column = column(tokens.subList(0, at), tokens.subList(at + 1, tokens.size()), alias);
        return column == null ? null : new Comparison(column, sign.equals("="));
    }

    private static @Nullable String column(List<SqlToken> left, List<SqlToken> right, @Nullable String alias) {
        var first = ColumnReference.of(left);
        if (first != null && first.mayBeOf(alias) && !mentions(right, alias)) {
            return first.column();
        }
        var second = ColumnReference.of(right);
        if (second == null || second.alias() == null) {
            return null;
        }
        return second.mayBeOf(alias) && !mentions(left, alias) ? second.column() : null;
    }

    private static boolean mentions(List<SqlToken> tokens, @Nullable String alias) {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (ColumnReference.isName(tokens.get(i))
                    && tokens.get(i + 1).isPunctuation(".")
                    && ColumnReference.name(tokens.get(i)).equals(alias)) {
                return true;
            }
        }
        return false;
    }

    private static List<Integer> topLevel(List<SqlToken> tokens, Predicate<SqlToken> wanted) {
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
