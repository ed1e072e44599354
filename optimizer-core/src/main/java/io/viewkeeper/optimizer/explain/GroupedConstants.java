// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Tokens.Edit;
import io.viewkeeper.optimizer.explain.Tokens.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Normalisation takes the constant out of {@code select date_trunc('day', x)} and leaves it, or gives it another number, in
 * {@code group by date_trunc('day', x)}: to the server these are different expressions then. They are made one again.
 */
final class GroupedConstants {
    private static final String[] ENDS = {
        "having",
        "order",
        "limit",
        "window",
        "union",
        "intersect",
        "except",
        "fetch",
        "offset",
        "for",
        "group",
        "on",
        "where"
    };

    private GroupedConstants() {}

    static Optional<StatementDraft> mended(StatementDraft draft) {
        var tokens = Tokens.of(draft.text());
        var edits = new ArrayList<Edit>();
        for (Range item : keys(tokens)) {
            for (int start = 0; start + item.length() <= tokens.size(); start++) {
                if (start + item.length() <= item.from() || start >= item.end()) {
                    addDifferences(tokens, item, start, edits);
                }
            }
        }
        return edits.isEmpty()
                ? Optional.empty()
                : Optional.of(draft.withText(
                        tokens.edited(edits),
                        Repair.GROUPED_CONSTANTS,
                        "repaired: expressions of GROUP BY and ORDER BY made equal to those selected"));
    }

    /** What is grouped, ordered or made distinct by. */
    private static List<Range> keys(Tokens tokens) {
        var keys = new ArrayList<Range>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.word(i, "group", "order", "partition") && tokens.word(i + 1, "by")) {
                int end = tokens.find(i + 2, endOfGroup(tokens, i + 2), ENDS);
                tokens.items(i + 2, end).forEach(item -> addKey(tokens, item, keys));
            } else if (tokens.word(i, "distinct") && tokens.word(i + 1, "on") && tokens.sign(i + 2, "(")) {
                addKey(tokens, new Range(i + 2, tokens.closing(i + 2) + 1), keys);
            }
        }
        return keys;
    }

    private static int endOfGroup(Tokens tokens, int from) {
        int depth = 0;
        for (int i = from; i < tokens.size(); i++) {
            if (tokens.opens(i)) {
                depth++;
            } else if (tokens.closes(i) && depth-- == 0) {
                return i;
            }
        }
        return tokens.size();
    }

    /** The item without its direction; of ROLLUP, GROUPING SETS and plain parentheses what is in them. */
    private static void addKey(Tokens tokens, Range item, List<Range> keys) {
        int end = item.end();
        while (end > item.from() && tokens.word(end - 1, "asc", "desc", "nulls", "first", "last")) {
            end--;
        }
        int open = item.from();
        while (tokens.word(open, "rollup", "cube", "grouping", "sets", "all", "distinct")) {
            open++;
        }
        if (tokens.sign(open, "(") && tokens.closing(open) == end - 1) {
            tokens.items(open + 1, end - 1).forEach(inner -> addKey(tokens, inner, keys));
        }
        if (end - item.from() >= 3) {
            keys.add(new Range(item.from(), end));
        }
    }

    /** A literal, another parameter, or the field that EXTRACT takes. */
    private static boolean constant(Tokens tokens, int i) {
        return tokens.at(i).isLiteral()
                || tokens.parameterAt(i)
                || tokens.word(i, "true", "false", "null")
                || (tokens.sign(i - 1, "(") && tokens.word(i - 2, "extract"));
    }

    private static void addDifferences(Tokens tokens, Range item, int start, List<Edit> edits) {
        var differences = new ArrayList<Edit>();
        for (int i = 0; i < item.length(); i++) {
            var key = tokens.at(item.from() + i);
            var other = tokens.at(start + i);
            boolean same = key.kind() == other.kind() && key.folded().equals(other.folded());
            if (!same) {
                if (!tokens.parameterAt(start + i) || !constant(tokens, item.from() + i)) {
                    return;
                }
                differences.add(new Edit(start + i, start + i + 1, key.text()));
            }
        }
        for (Edit edit : differences) {
            if (edits.stream().noneMatch(known -> known.from() == edit.from())) {
                edits.add(edit);
            }
        }
    }
}
