// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.Conditions;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.schema.sql.QuotedName;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which columns a plan compares with parameters. */
final class Comparisons {
    /** Of operators that compare, what they are with their sides changed. What calculates says nothing of the parameter. */
    private static final Map<String, String> COMMUTED = Map.ofEntries(
            Map.entry("=", "="),
            Map.entry("<>", "<>"),
            Map.entry("<", ">"),
            Map.entry("<=", ">="),
            Map.entry(">", "<"),
            Map.entry(">=", "<="),
            Map.entry("~~", ""),
            Map.entry("~~*", ""),
            Map.entry("@>", ""),
            Map.entry("&&", "&&"));

    private static final int LONGEST_TYPE = 5;

    private final Map<String, PlanNode> aliases = new HashMap<>();
    private final Map<Integer, Comparison> found = new HashMap<>();

    private Comparisons() {}

    /**
     * A column and what it is compared with.
     *
     * @param operator with the column on its left
     * @param list what the parameter is to the comparison
     * @param position of the parameter in its list
     */
    record Comparison(Column column, String operator, InList list, int position) {
        enum InList {
            /** {@code column op $1} */
            NONE,
            /** {@code column op any ($1)}: the parameter is an array */
            ARRAY,
            /** {@code column op any (array[$1, $2])} */
            ANY,
            /** {@code column op all (array[$1, $2])} */
            ALL
        }

        boolean isRange() {
            return operator.startsWith(">") || (operator.startsWith("<") && !operator.equals("<>"));
        }

        /** Whether the other bounds the same column from the other side. */
        boolean closesRangeOf(Comparison other) {
            return isRange()
                    && other.isRange()
                    && operator.charAt(0) != other.operator.charAt(0)
                    && column.equals(other.column);
        }
    }

    record Column(String schema, String relation, String name) {}

    /** By number of the parameter. Those that are compared with anything else are missing. */
    static Map<Integer, Comparison> in(Plan plan) {
        var comparisons = new Comparisons();
        for (PlanNode node : plan.nodes()) {
            if (node.target().alias() != null
                    && node.target().relation() != null
                    && node.target().schema() != null) {
                comparisons.aliases.put(node.target().alias(), node);
            }
        }
        for (PlanNode node : plan.nodes()) {
            conditions(node.conditions()).forEach(condition -> comparisons.add(Tokens.of(condition), node));
        }
        return comparisons.found;
    }

    private static Stream<String> conditions(Conditions conditions) {
        return Stream.of(
                        conditions.indexCond(),
                        conditions.filter(),
                        conditions.recheckCond(),
                        conditions.joinFilter(),
                        conditions.hashCond(),
                        conditions.mergeCond())
                .filter(Objects::nonNull);
    }

    private void add(Tokens tokens, PlanNode node) {
        for (int i = 0; i < tokens.size(); i++) {
            int parameter = tokens.parameter(i);
            if (parameter > 0 && !found.containsKey(parameter)) {
                var comparison = columnFirst(tokens, i, node);
                comparison = comparison == null ? columnLast(tokens, i, node) : comparison;
                if (comparison != null) {
                    found.put(parameter, comparison);
                }
            }
        }
    }

    /** {@code alias.column op $n}, with casts and parentheses around either. */
    private @Nullable Comparison columnFirst(Tokens tokens, int i, PlanNode node) {
        int array = startOfArray(tokens, i);
        int operator = (array < 0 ? i : array) - 1;
        boolean any = false;
        boolean all = false;
        while (tokens.sign(operator, "(") || tokens.word(operator, "any", "all")) {
            any |= tokens.word(operator, "any");
            all |= tokens.word(operator, "all");
            operator--;
        }
        String sign = tokens.at(operator).text();
        if (!tokens.operator(operator) || !COMMUTED.containsKey(sign) || (array >= 0 && !any && !all)) {
            return null;
        }
        int last = operator - 1;
        int name = withoutCast(tokens, last);
        while (tokens.sign(name, ")")) {
            int open = tokens.opening(name);
            if (open < 0 || isCall(tokens, open)) {
                return null;
            }
            name = withoutCast(tokens, name - 1);
        }
        if (!tokens.name(name)) {
            return null;
        }
        boolean qualified = tokens.sign(name - 1, ".") && tokens.name(name - 2);
        // What stands before a column's name in a condition is a parenthesis, or nothing.
        int before = qualified ? name - 3 : name - 1;
        if (before >= 0 && !tokens.sign(before, "(") && !tokens.word(before, "and", "or", "not")) {
            return null;
        }
        var column = column(tokens, qualified ? name - 2 : -1, name, node);
        if (column == null) {
            return null;
        }
        var list = array >= 0
                ? (all ? Comparison.InList.ALL : Comparison.InList.ANY)
                : any || all ? Comparison.InList.ARRAY : Comparison.InList.NONE;
        return new Comparison(column, sign, list, array < 0 ? 0 : commas(tokens, array, i));
    }

    /** {@code $n op alias.column}, without casts. */
    private @Nullable Comparison columnLast(Tokens tokens, int i, PlanNode node) {
        int operator = i + 1;
        while (tokens.sign(operator, ")")) {
            operator++;
        }
        String sign = COMMUTED.getOrDefault(tokens.at(operator).text(), "");
        int name = operator + 1;
        if (!tokens.operator(operator) || sign.isEmpty() || !tokens.name(name) || !startsOperand(tokens, i)) {
            return null;
        }
        boolean qualified = tokens.sign(name + 1, ".") && tokens.name(name + 2);
        int last = qualified ? name + 2 : name;
        if (last + 1 < tokens.size() && !tokens.sign(last + 1, ")")) {
            return null;
        }
        var column = column(tokens, qualified ? name : -1, last, node);
        return column == null ? null : new Comparison(column, sign, Comparison.InList.NONE, 0);
    }

    private static boolean startsOperand(Tokens tokens, int i) {
        int before = i - 1;
        while (tokens.sign(before, "(")) {
            before--;
        }
        return before < 0 || tokens.word(before, "and", "or", "not");
    }

    private @Nullable Column column(Tokens tokens, int alias, int name, PlanNode node) {
        String of = alias < 0
                ? node.target().alias()
                : QuotedName.unquotedOrSame(tokens.at(alias).text());
        PlanNode scan = of == null ? null : aliases.get(of);
        String schema = scan == null ? null : scan.target().schema();
        String relation = scan == null ? null : scan.target().relation();
        return schema == null || relation == null
                ? null
                : new Column(
                        schema,
                        relation,
                        QuotedName.unquotedOrSame(tokens.at(name).text()));
    }

    /** The token before {@code ::type}, where the name of the type ends here. */
    private static int withoutCast(Tokens tokens, int last) {
        for (int k = 1; k <= LONGEST_TYPE && tokens.name(last - k + 1); k++) {
            if (tokens.sign(last - k, "::")) {
                return last - k - 1;
            }
        }
        return last;
    }

    private static boolean isCall(Tokens tokens, int open) {
        return tokens.name(open - 1)
                && !tokens.word(open - 1, "and", "or", "not", "any", "all", "then", "else", "when");
    }

    /** Where {@code array[…]} begins in which a token is; -1 if it is in none. */
    private static int startOfArray(Tokens tokens, int i) {
        int depth = 0;
        for (int k = i - 1; k >= 0; k--) {
            if (tokens.closes(k)) {
                depth++;
            } else if (tokens.opens(k) && depth > 0) {
                depth--;
            } else if (tokens.sign(k, "[")) {
                return tokens.word(k - 1, "array") ? k - 1 : -1;
            } else if (tokens.opens(k) && isCall(tokens, k)) {
                return -1;
            } else if (depth == 0 && tokens.operator(k)) {
                return -1;
            }
        }
        return -1;
    }

    private static int commas(Tokens tokens, int from, int end) {
        int commas = 0;
        int depth = 0;
        for (int k = from + 2; k < end; k++) {
            depth += tokens.opens(k) ? 1 : tokens.closes(k) ? -1 : 0;
            commas += depth == 0 && tokens.sign(k, ",") ? 1 : 0;
        }
        return commas;
    }
}
