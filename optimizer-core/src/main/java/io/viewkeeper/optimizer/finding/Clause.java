// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One part of a condition on a relation, parts being joined by AND, by what an index can do for it.
 *
 * @param column the plain column that it is about; null where it is about several, or an expression
 * @param tokens the part without the parentheses around it
 */
record Clause(
        Form form,
        @Nullable String column,
        List<SqlToken> tokens,
        @Nullable String alias) {

    /** In the order in which an index for one is worth more than for the next. */
    enum Form {
        /** A column compared with = or a range: see {@link Comparison}. */
        COMPARED,
        /** (a, b) &gt; (1, 2). */
        ROW,
        /** &#64;&gt;, &amp;&amp;, ? of arrays and jsonb, and &#64;&#64;: what is inside a value. */
        INSIDE,
        /** The same signs, of ranges, shapes and networks. */
        OVERLAP,
        /** A value = ANY of an array that the row holds. */
        ELEMENT,
        /** IS NOT DISTINCT FROM. */
        NOT_DISTINCT,
        /** IS NULL, IS NOT NULL. */
        NULL_TEST,
        /** A boolean column, IS TRUE, NOT. */
        FLAG,
        /** Parts joined by OR. */
        ALTERNATIVES,
        /** LIKE. */
        PATTERN,
        /** ILIKE, regular expressions, similarity. */
        FUZZY_PATTERN,
        /** A function, a cast or a calculation of columns, compared with something else. */
        EXPRESSION,
        /** Columns of one row compared with each other. */
        SAME_ROW,
        /** Not equal, not in, not like, distinct from. */
        UNEQUAL,
        /** With a subquery that is asked for each row, or whose rows are hashed. */
        SUBQUERY,
        /** About no column of the relation, or nothing that we know. */
        OTHER
    }

    private static final Set<String> INSIDE = Set.of("@>", "<@", "&&", "@@", "@@@", "@?", "?", "?|", "?&");
    private static final Set<String> OVERLAPS =
            Set.of("@>", "<@", "&&", "<<", ">>", "&<", "&>", "-|-", "<<=", ">>=", "~=", "<<|", "|>>", "&<|", "|&>");
    private static final Set<String> PATTERNS = Set.of("~~", "^@");
    private static final Set<String> FUZZY_PATTERNS = Set.of("~~*", "~", "~*", "%", "<%", "%>", "<<%", "%>>");
    private static final Set<String> UNEQUAL = Set.of("<>", "!=", "!~~", "!~~*", "!~", "!~*");
    private static final Set<String> ORDERED = Set.of("=", "<", "<=", ">", ">=");
    private static final Set<String> DOCUMENTS =
            Set.of("json", "jsonb", "jsonpath", "hstore", "tsvector", "tsquery", "text", "regconfig");
    /** What a type's name holds whose values have an extent. */
    private static final List<String> EXTENDED = List.of(
            "range", "box", "circle", "point", "polygon", "path", "lseg", "geometry", "geography", "inet", "cidr");

    /** Those of a condition on the relation with this alias. */
    static List<Clause> of(@Nullable String condition, @Nullable String alias) {
        if (condition == null) {
            return List.of();
        }
        return ofParts(SqlLexer.meaning(condition), alias);
    }

    static List<Clause> ofParts(List<SqlToken> condition, @Nullable String alias) {
        return Comparison.parts(condition, "and").stream()
                .map(part -> of(part, alias))
                .toList();
    }

    private static Clause of(List<SqlToken> tokens, @Nullable String alias) {
        var comparison = Comparison.of(tokens, alias);
        if (comparison != null) {
            return new Clause(Form.COMPARED, comparison.column(), tokens, alias);
        }
        return new Clause(form(tokens, alias), column(tokens, alias), tokens, alias);
    }

    private static Form form(List<SqlToken> tokens, @Nullable String alias) {
        if (!Comparison.topLevel(tokens, token -> token.isWord("or")).isEmpty()) {
            return Form.ALTERNATIVES;
        }
        if (tokens.stream().anyMatch(token -> token.isWord("subplan"))) {
            return Form.SUBQUERY;
        }
        if (Comparison.OF_THE_SYSTEM.containsAll(Comparison.columns(tokens, alias))) {
            return Form.OTHER;
        }
        if (Unindexed.elementOf(tokens, alias) != null) {
            return Form.ELEMENT;
        }
        String end = ending(tokens);
        if (end.endsWith(" is null") || end.endsWith(" is not null")) {
            return Form.NULL_TEST;
        }
        if (Unindexed.notDistinct(tokens) != null) {
            return Form.NOT_DISTINCT;
        }
        if (tokens.getFirst().isWord("not")) {
            return ColumnReference.of(tokens.subList(1, tokens.size())) == null ? Form.UNEQUAL : Form.FLAG;
        }
        if (ColumnReference.of(tokens) != null || end.endsWith(" true") || end.endsWith(" false")) {
            return Form.FLAG;
        }
        if (tokens.stream().anyMatch(token -> token.isWord("distinct"))) {
            return Form.UNEQUAL;
        }
        return bySign(tokens, alias);
    }

    private static Form bySign(List<SqlToken> tokens, @Nullable String alias) {
        int at = sign(tokens);
        if (at < 0) {
            return Form.EXPRESSION;
        }
        String sign = tokens.get(at).text();
        if (UNEQUAL.contains(sign)) {
            return Form.UNEQUAL;
        }
        if (tokens.stream().anyMatch(token -> token.isWord("all"))) {
            return Form.OTHER;
        }
        if (ORDERED.contains(sign)) {
            return tokens.getFirst().isWord("row") ? Form.ROW : ordered(tokens, at, alias);
        }
        if (PATTERNS.contains(sign)) {
            return Form.PATTERN;
        }
        if (FUZZY_PATTERNS.contains(sign)) {
            return Form.FUZZY_PATTERN;
        }
        if (OVERLAPS.contains(sign) && (!INSIDE.contains(sign) || hasExtent(tokens))) {
            return Form.OVERLAP;
        }
        return INSIDE.contains(sign) ? Form.INSIDE : Form.EXPRESSION;
    }

    private static Form ordered(List<SqlToken> tokens, int at, @Nullable String alias) {
        boolean both = Comparison.mentions(tokens.subList(0, at), alias)
                && Comparison.mentions(tokens.subList(at + 1, tokens.size()), alias);
        return both ? Form.SAME_ROW : Form.EXPRESSION;
    }

    /**
     * An array or a document contains its like; what contains a single value of another type is a range. Only numbers have no
     * type beside them.
     */
    private static boolean hasExtent(List<SqlToken> tokens) {
        boolean before = isNumber(tokens.getFirst()) && !tokens.get(1).isPunctuation("::");
        if (before || isNumber(tokens.getLast())) {
            return true;
        }
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.get(i).isPunctuation("::")) {
                String type = tokens.get(i + 1).folded();
                boolean array = tokens.subList(i, tokens.size()).stream().anyMatch(token -> token.isPunctuation("["));
                if (EXTENDED.stream().anyMatch(type::contains) || !(array || DOCUMENTS.contains(type))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Or what stands for a value that was taken out. */
    private static boolean isNumber(SqlToken token) {
        return token.kind() == Kind.NUMBER || token.text().equals("?");
    }

    /** Of the operator; the ? of jsonb looks like a value that was taken out. -1 where there is none. */
    private static int sign(List<SqlToken> tokens) {
        var signs = Comparison.signs(tokens);
        if (!signs.isEmpty()) {
            return signs.getFirst();
        }
        var marks = Comparison.topLevel(tokens, token -> token.kind() == Kind.OPERATOR);
        return marks.size() > 1 || (marks.size() == 1 && marks.getFirst() > 0 && marks.getFirst() < tokens.size() - 1)
                ? marks.getFirst()
                : -1;
    }

    private static String ending(List<SqlToken> tokens) {
        return " "
                + tokens.subList(Math.max(0, tokens.size() - 3), tokens.size()).stream()
                        .map(token -> token.text().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" "));
    }

    private static @Nullable String column(List<SqlToken> tokens, @Nullable String alias) {
        var columns = Comparison.columns(tokens, alias);
        String element = Unindexed.elementOf(tokens, alias);
        if (element != null) {
            return element;
        }
        var distinct = Unindexed.notDistinct(tokens);
        var compared = distinct == null ? null : ColumnReference.of(distinct);
        if (compared != null) {
            return compared.column();
        }
        if (columns.size() != 1 || isCalculated(tokens)) {
            return null;
        }
        String column = columns.getFirst();
        return column.startsWith("\"")
                ? column.substring(1, column.length() - 1).replace("\"\"", "\"")
                : column;
    }

    /** Whether a function, a cast or a calculation is around the column. */
    private static boolean isCalculated(List<SqlToken> tokens) {
        int at = sign(tokens);
        if (at < 0) {
            int is = Comparison.topLevel(tokens, token -> token.isWord("is")).stream()
                    .findFirst()
                    .orElse(tokens.size());
            int from = tokens.getFirst().isWord("not") ? 1 : 0;
            return ColumnReference.of(tokens.subList(Math.min(from, is), is)) == null;
        }
        return ColumnReference.of(tokens.subList(0, at)) == null
                && ColumnReference.of(tokens.subList(at + 1, tokens.size())) == null;
    }

    /** As {@link DdlText} writes it. */
    @Nullable
    String ddl(List<SqlToken> part) {
        return DdlText.of(part, alias);
    }

    /** Whether it depends on what is not of its relation: columns of others, or what they are given as. */
    boolean dependsOnOthers() {
        return DdlText.mentionsOthers(tokens, alias)
                || tokens.stream().anyMatch(token -> token.kind() == Kind.PARAMETER);
    }

    /** A column with nothing but a cast around it: of a domain the server writes it. Null where it is none, and of dates. */
    @Nullable
    String castColumn() {
        var expression = expression();
        var casts = Comparison.topLevel(expression, token -> token.isPunctuation("::"));
        var reference = casts.size() == 1 ? ColumnReference.of(expression.subList(0, casts.getFirst())) : null;
        return reference == null || expression.getLast().isWord("date") ? null : reference.column();
    }

    boolean hasSign(String sign) {
        int at = sign(tokens);
        return at >= 0 && tokens.get(at).text().equals(sign);
    }

    /** Whether a type stands in it: without one nobody knows what a column is compared with. */
    boolean typed() {
        return tokens.stream().anyMatch(token -> token.isPunctuation("::"));
    }

    /** The side of the operator that holds the relation's columns. */
    List<SqlToken> expression() {
        int at = sign(tokens);
        if (at < 0) {
            return tokens;
        }
        var left = ColumnReference.unwrapped(tokens.subList(0, at));
        return Comparison.mentions(left, alias)
                ? left
                : ColumnReference.unwrapped(tokens.subList(at + 1, tokens.size()));
    }

    /** Whether the planner does not know what the column is compared with: a parameter, or what a subquery gives. */
    boolean unknownToPlanner() {
        return tokens.stream()
                .anyMatch(
                        token -> token.kind() == Kind.PARAMETER || token.isWord("initplan") || token.isWord("subplan"));
    }

    /** Whether it is about each of an array: = ANY, &lt;&gt; ALL. */
    boolean ofArray() {
        return tokens.stream().anyMatch(token -> token.isWord("any") || token.isWord("all"));
    }
}
