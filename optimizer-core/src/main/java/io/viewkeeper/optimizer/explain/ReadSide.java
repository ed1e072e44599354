// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Tokens.Edit;
import io.viewkeeper.optimizer.explain.Tokens.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The query inside a statement that writes or locks: what it reads, and how. For a role that may not write, and that is
 * refused a plan of the whole.
 */
final class ReadSide {
    private static final String[] CHANGES = {"update", "delete", "insert", "merge"};

    private static final int MOST_CHANGES = 10;

    private final Tokens tokens;

    private ReadSide(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The draft's read side; empty where it has none, is nothing else, or changes more than ten things. */
    static Optional<StatementDraft> of(StatementDraft draft) {
        var text = draft.text();
        String kind = "";
        // One at a time, from the innermost end: each changes the tokens.
        var side = new ReadSide(Tokens.of(text));
        int change = side.lastChange();
        for (int changes = 0; change >= 0; changes++) {
            String query = changes < MOST_CHANGES ? side.queryAt(change) : null;
            if (query == null) {
                return Optional.empty();
            }
            kind = side.tokens.at(change).text().toUpperCase(Locale.ROOT);
            text = side.tokens.edited(List.of(new Edit(change, side.endOf(change), query)));
            side = new ReadSide(Tokens.of(text));
            change = side.lastChange();
        }
        String unlocked = withoutLocks(text);
        if (!unlocked.equals(text) && kind.isEmpty()) {
            kind = "SELECT that locks rows";
        }
        return kind.isEmpty()
                ? Optional.empty()
                : Optional.of(draft.withText(unlocked, Repair.READ_SIDE, "read side of: " + kind));
    }

    /** Whether it inserts a list of values and reads nothing. */
    static boolean insertsValues(String text) {
        var side = new ReadSide(Tokens.of(text));
        if (!side.tokens.word(0, "insert")) {
            return false;
        }
        int source = side.sourceOfInsert(0, side.tokens.size());
        return side.tokens.word(source, "values", "default")
                && side.tokens.list().stream().noneMatch(token -> token.isWord("select"));
    }

    private int lastChange() {
        for (int i = tokens.size() - 1; i >= 0; i--) {
            boolean starts = i == 0 || tokens.sign(i - 1, "(") || tokens.sign(i - 1, ")");
            boolean follows = tokens.word(i, "update") ? tokens.name(i + 1) : tokens.word(i + 1, "from", "into");
            if (tokens.word(i, CHANGES) && starts && follows) {
                return i;
            }
        }
        return -1;
    }

    private int endOf(int change) {
        int depth = 0;
        for (int i = change; i < tokens.size(); i++) {
            if (tokens.opens(i)) {
                depth++;
            } else if (tokens.closes(i) && depth-- == 0) {
                return i;
            }
        }
        return tokens.size();
    }

    private @Nullable String queryAt(int change) {
        int end = endOf(change);
        int returning = tokens.find(change, end, "returning");
        boolean inner = tokens.sign(change - 1, "(");
        String columns = inner && returning < end ? tokens.slice(returning + 1, end) : null;
        return switch (tokens.at(change).folded()) {
            case "update" -> update(change, returning, columns);
            case "delete" -> delete(change, returning, columns);
            case "insert" -> insert(change, returning, columns);
            default -> merge(change, returning, columns);
        };
    }

    private @Nullable String update(int change, int end, @Nullable String columns) {
        int set = tokens.find(change, end, "set");
        int from = tokens.find(set, end, "from", "where");
        if (set == end) {
            return null;
        }
        String target = tokens.slice(change + 1, set);
        String list = columns == null ? String.join(", ", assigned(set + 1, from)) : columns;
        if (!tokens.word(from, "from")) {
            return "select " + list + " from " + target + " " + tokens.slice(from, end);
        }
        return "select " + list + " from " + target + ", " + tokens.slice(from + 1, end);
    }

    /** What an UPDATE computes, behind the place of the row that it replaces. */
    private List<String> assigned(int from, int end) {
        var values = new ArrayList<String>();
        for (Range item : tokens.items(from, end)) {
            int equals = item.from();
            while (equals < item.end()
                    && !(tokens.operator(equals) && tokens.at(equals).text().equals("="))) {
                equals = tokens.opens(equals) && tokens.closing(equals) > 0 ? tokens.closing(equals) + 1 : equals + 1;
            }
            int first = equals + 1;
            if (first >= item.end() || tokens.word(first, "default")) {
                continue;
            }
            String value = tokens.slice(first, item.end());
            boolean several = tokens.sign(item.from(), "(");
            values.add(
                    several && tokens.word(first + 1, "select", "with") ? "(select q from " + value + " as q)" : value);
        }
        return values.isEmpty() ? List.of("1") : values;
    }

    private @Nullable String delete(int change, int end, @Nullable String columns) {
        int using = tokens.find(change, end, "using", "where");
        if (tokens.word(using + 1, "current") && tokens.word(using + 2, "of")) {
            return null;
        }
        String target = tokens.slice(change + 2, using);
        String list = columns == null ? "1" : columns;
        if (!tokens.word(using, "using")) {
            return "select " + list + " from " + target + " " + tokens.slice(using, end);
        }
        return "select " + list + " from " + target + ", " + tokens.slice(using + 1, end);
    }

    private @Nullable String insert(int change, int end, @Nullable String columns) {
        int conflict = end;
        for (int i = change; i + 1 < end; i++) {
            if (tokens.word(i, "on") && tokens.word(i + 1, "conflict")) {
                conflict = i;
                break;
            }
        }
        int source = sourceOfInsert(change, conflict);
        if (source >= conflict || tokens.word(source, "default")) {
            return null;
        }
        String query = tokens.slice(source, conflict);
        if (columns == null) {
            return query;
        }
        int list = tokens.find(change, source, "into");
        int open = list;
        while (open < source && !tokens.sign(open, "(")) {
            open++;
        }
        String names = open < source ? tokens.slice(open, tokens.closing(open) + 1) : "";
        return "select " + columns + " from (" + query + ") as inserted" + names;
    }

    private int sourceOfInsert(int change, int end) {
        for (int i = change + 2; i < end; i++) {
            if (tokens.word(i, "select", "with", "values", "table", "default")) {
                return i;
            }
            if (tokens.sign(i, "(")) {
                int inner = i + 1;
                while (tokens.sign(inner, "(")) {
                    inner++;
                }
                if (tokens.word(inner, "select", "with", "values", "table")) {
                    return i;
                }
                i = tokens.closing(i) < 0 ? end : tokens.closing(i);
            }
        }
        return end;
    }

    private @Nullable String merge(int change, int end, @Nullable String columns) {
        int using = tokens.find(change, end, "using");
        int on = tokens.find(using, end, "on");
        int when = tokens.find(on, end, "when");
        if (using == end || on == end) {
            return null;
        }
        boolean unmatchedSource = false;
        boolean unmatchedTarget = false;
        for (int i = when; i < end; i++) {
            if (tokens.word(i, "not") && tokens.word(i + 1, "matched")) {
                boolean bySource = tokens.word(i + 2, "by") && tokens.word(i + 3, "source");
                unmatchedTarget |= bySource;
                unmatchedSource |= !bySource;
            }
        }
        String join = unmatchedSource ? (unmatchedTarget ? "full" : "right") : unmatchedTarget ? "left" : "inner";
        return "select " + (columns == null ? "1" : columns) + " from " + tokens.slice(change + 2, using) + " " + join
                + " join " + tokens.slice(using + 1, on) + " " + tokens.slice(on, when);
    }

    /** FOR UPDATE and its kin go: they need a privilege that reading does not. */
    private static String withoutLocks(String text) {
        var tokens = Tokens.of(text);
        var edits = new ArrayList<Edit>();
        for (int i = 0; i < tokens.size(); i++) {
            int end = endOfLock(tokens, i);
            if (end > i) {
                edits.add(new Edit(i, end, " "));
            }
        }
        return edits.isEmpty() ? text : tokens.edited(edits);
    }

    private static int endOfLock(Tokens tokens, int i) {
        if (!tokens.word(i, "for")) {
            return i;
        }
        int end = i + 1;
        while (tokens.word(end, "no", "key")) {
            end++;
        }
        if (!tokens.word(end, "update", "share")) {
            return i;
        }
        end++;
        if (tokens.word(end, "of")) {
            end += 2;
            while (tokens.sign(end, ",") || tokens.sign(end, ".")) {
                end += 2;
            }
        }
        if (tokens.word(end, "nowait")) {
            return end + 1;
        }
        return tokens.word(end, "skip") && tokens.word(end + 1, "locked") ? end + 2 : end;
    }
}
