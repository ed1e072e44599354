// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Tokens.Range;
import java.util.ArrayList;
import java.util.List;

/** Which parameters give an operand its type. */
final class Operands {
    private final Tokens tokens;

    Operands(Tokens tokens) {
        this.tokens = tokens;
    }

    /** What stands left of an operator. */
    Range before(int operator) {
        int last = operator - 1;
        int first = tokens.closes(last) ? tokens.opening(last) : last;
        if (first < 0) {
            return new Range(operator, operator);
        }
        if (tokens.closes(last) && !tokens.word(first, "case") && tokens.name(first - 1)) {
            first--;
        }
        while (tokens.sign(first - 1, ".") && tokens.name(first - 2)) {
            first -= 2;
        }
        return new Range(first, operator);
    }

    /** What begins here: a CASE, a call, something in parentheses, a name, a parameter. */
    Range from(int first) {
        int last = first;
        while (tokens.name(last) && tokens.sign(last + 1, ".")) {
            last += 2;
        }
        if (tokens.name(last)
                && !tokens.word(last, "case")
                && (tokens.sign(last + 1, "(") || tokens.sign(last + 1, "["))) {
            last++;
        }
        int close = tokens.opens(last) ? tokens.closing(last) : last;
        return new Range(first, (close < 0 ? last : close) + 1);
    }

    /** Parameters of the range that are results in it: arms of a CASE, arguments, elements; not conditions, not casts. */
    List<Integer> results(Range range) {
        var results = new ArrayList<Integer>();
        for (int i = range.from(); i < range.end(); i++) {
            if (tokens.parameter(i) > 0 && !tokens.sign(i + 1, "::") && !inCondition(range, i)) {
                results.add(tokens.parameter(i));
            }
        }
        return results;
    }

    private boolean inCondition(Range range, int parameter) {
        for (int i = parameter; i >= range.from(); i--) {
            if (tokens.word(i, "then", "else")) {
                return false;
            }
            if (tokens.word(i, "when", "case", "where", "filter")) {
                return true;
            }
        }
        return false;
    }

    /** Parameters that are a column of this name: {@code $1 as n}, {@code (values ($1, $2)) v(n, m)}, {@code unnest(array[$1]) u(n)}, {@code r(n) as (select $1 …)}. */
    List<Integer> origin(Range operand) {
        int last = operand.end() - 1;
        if (!tokens.name(last)) {
            return List.of();
        }
        var name = tokens.at(last).folded();
        var found = new ArrayList<Integer>();
        for (int i = 0; i < tokens.size(); i++) {
            if (!tokens.name(i) || !tokens.at(i).folded().equals(name) || i == last) {
                continue;
            }
            if (tokens.word(i - 1, "as")) {
                found.addAll(results(before(i - 1)));
            } else if (tokens.parameterAt(i - 1)) {
                found.add(tokens.parameter(i - 1));
            }
            found.addAll(ofAliasList(i));
        }
        return found;
    }

    private List<Integer> ofAliasList(int i) {
        int open = i;
        while (tokens.name(open - 1) || tokens.sign(open - 1, ",")) {
            open--;
        }
        open--;
        int close = tokens.closing(open);
        if (!tokens.sign(open, "(") || close < 0 || !tokens.name(open - 1)) {
            return List.of();
        }
        int column = (i - open - 1) / 2;
        int before = tokens.word(open - 2, "as") ? open - 3 : open - 2;
        int source = close + 1;
        while (tokens.word(source, "as", "not", "materialized")) {
            source++;
        }
        if (tokens.sign(source, "(") && tokens.word(source - 1, "as", "materialized")) {
            return columnOf(source + 1, column);
        }
        if (!tokens.sign(before, ")")) {
            return List.of();
        }
        int opening = tokens.opening(before);
        if (tokens.word(opening - 1, "unnest")) {
            var found = new ArrayList<Integer>();
            addItem(tokens.items(opening + 1, before), column, found);
            return found;
        }
        return columnOf(opening + 1, column);
    }

    private List<Integer> columnOf(int query, int column) {
        int end = tokens.closing(query - 1);
        var found = new ArrayList<Integer>();
        if (end > 0 && tokens.word(query, "values")) {
            for (Range row : tokens.items(query + 1, end)) {
                addItem(tokens.items(row.from() + 1, row.end() - 1), column, found);
            }
        } else if (end > 0 && tokens.word(query, "select")) {
            int stop = tokens.find(query + 1, end, "from", "where", "union", "intersect", "except", "limit", "order");
            addItem(tokens.items(query + 1, stop), column, found);
        }
        return found;
    }

    private void addItem(List<Range> items, int column, List<Integer> found) {
        if (column < items.size()) {
            found.addAll(results(items.get(column)));
        }
    }

    /** Parameters that are added or subtracted on either side of an operator. */
    List<Integer> added(int operator) {
        var found = new ArrayList<Integer>();
        for (int i = operator - 40; i < operator + 40; i++) {
            boolean sum = tokens.operator(i - 1)
                    && (tokens.at(i - 1).text().equals("-")
                            || tokens.at(i - 1).text().equals("+"));
            boolean near = tokens.slice(
                            Math.max(0, Math.min(i, operator)), Math.min(tokens.size(), Math.max(i, operator)))
                    .chars()
                    .noneMatch(c -> c == ',');
            if (sum && near && tokens.parameter(i) > 0) {
                found.add(tokens.parameter(i));
            }
        }
        return found;
    }

    /** Parameters that are the only argument of these functions. */
    List<Integer> alone(String... functions) {
        var found = new ArrayList<Integer>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.word(i - 2, functions)
                    && tokens.sign(i - 1, "(")
                    && tokens.parameter(i) > 0
                    && tokens.sign(i + 1, ")")) {
                found.add(tokens.parameter(i));
            }
        }
        return found;
    }

    /** Parameters that are columns of results by themselves: {@code select $1, $2 as x from …}. */
    List<Integer> selected() {
        var found = new ArrayList<Integer>();
        for (int i = 0; i < tokens.size(); i++) {
            boolean starts = tokens.word(i - 1, "select", "all", "distinct") || tokens.sign(i - 1, ",");
            boolean ends =
                    tokens.sign(i + 1, ",") || tokens.sign(i + 1, ")") || tokens.name(i + 1) || i + 1 == tokens.size();
            if (tokens.parameter(i) > 0 && starts && ends) {
                found.add(tokens.parameter(i));
            }
        }
        return found;
    }
}
