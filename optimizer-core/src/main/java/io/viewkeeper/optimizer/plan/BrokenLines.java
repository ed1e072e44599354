// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import io.viewkeeper.optimizer.plan.TextLine.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a plan that a terminal has broken at its last column, or a mail at a blank, as they were. Where one of them ends is
 * known by how wide the others are, and by what the next one begins with; whether that was right, by what comes out of it.
 */
final class BrokenLines {
    /** Blanks at the end of a line that a terminal did not copy. */
    private static final int MOST_BLANKS_LOST = 2;
    /** Of so many that are equally wide none was broken at a blank. */
    private static final int ENOUGH = 3;
    /** Signs that tell what a line is. */
    private static final int ENOUGH_TO_KNOW = 100;
    /** To look at a long line again and again would take long. */
    private static final long MOST_LOOKED_AT = 20_000_000;
    /** What stands further to the right than the plan's root by so much is no rest of a line: two blanks stand in lines, too. */
    private static final int INDENTED = 3;

    private enum Way {
        COLUMN,
        BLANK
    }

    private final List<String> lines;
    private final Way way;
    private final int widest;
    private final int rootColumn;
    private final int margin;
    /** Whether lines that were broken at a blank still have it. */
    private final boolean blanksKept;

    private final boolean measured;

    private final List<String> whole = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();
    private final Quotes quotes = new Quotes();
    private boolean apart;
    private int atTheEdge;
    private boolean doubtful;
    private long lookedAt;

    private BrokenLines(List<String> lines, int first, Way way) {
        this.lines = lines;
        this.way = way;
        this.rootColumn = TextLines.indent(lines.get(first));
        List<String> plan = lines.subList(first, lines.size());
        List<String> told = plan.stream()
                .filter(line -> !line.isBlank() && !TextLines.isEnd(line.strip()))
                .toList();
        this.widest = told.stream().mapToInt(String::length).max().orElse(0);
        this.margin = told.stream().allMatch(line -> TextLines.indent(line) >= rootColumn) ? rootColumn : 0;
        this.blanksKept = told.stream().anyMatch(line -> line.endsWith(" "));
        this.measured = plan.stream().anyMatch(line -> line.contains("loops=") || line.contains("never executed"));
    }

    /**
     * The text with its lines as they were.
     *
     * @return null where that cannot be known
     */
    static @Nullable TextLines whole(String text) {
        List<String> lines = text.lines().toList();
        int first = 0;
        while (first < lines.size() && !TextLines.mayBeRoot(lines.get(first).strip())) {
            first++;
        }
        if (first == lines.size()) {
            return null;
        }
        var column = new BrokenLines(lines, first, Way.COLUMN);
        var blank = new BrokenLines(lines, first, Way.BLANK);
        String byColumn = column.joined(first);
        String byBlank = blank.joined(first);
        TextLines columnLines = column.doubtful ? null : faultless(byColumn);
        TextLines blankLines = blank.doubtful ? null : faultless(byBlank);
        if (columnLines != null && blankLines != null && !byColumn.equals(byBlank)) {
            return column.atTheEdge >= ENOUGH ? columnLines : null;
        }
        return columnLines == null ? blankLines : columnLines;
    }

    private static @Nullable TextLines faultless(String text) {
        var lines = TextLines.of(text);
        return lines.found().isEmpty() || lines.fault() > 0 ? null : lines;
    }

    private String joined(int first) {
        whole.addAll(lines.subList(0, first));
        begin(lines.get(first));
        for (int i = first + 1; i < lines.size(); i++) {
            line(i);
        }
        whole.add(open.toString());
        return String.join("\n", whole);
    }

    private void line(int i) {
        String line = lines.get(i);
        String before = lines.get(i - 1);
        if (quotes.inQuotes()) {
            append(isBroken(before, line) ? glue(before, line) + piece(line) : "\n" + line);
        } else if (line.isBlank()) {
            boolean indentation = i + 1 < lines.size() && !line.isEmpty() && isFull(line, lines.get(i + 1));
            begin(indentation ? line : "");
            apart = !indentation;
        } else if (before.isBlank() && !apart) {
            append(line);
        } else if (apart || begins(before, line)) {
            begin(line);
        } else {
            append(glue(before, line) + piece(line));
        }
    }

    private void begin(String line) {
        if (!whole.isEmpty() || !open.isEmpty()) {
            whole.add(open.toString());
        }
        open.setLength(0);
        quotes.reset();
        apart = TextLines.isEnd(line.strip());
        append(line);
    }

    private void append(String part) {
        open.append(part);
        String start =
                open.substring(0, Math.min(open.length(), ENOUGH_TO_KNOW)).strip();
        if (TextLines.mayBeQuoted(TextLine.kind(start), start)) {
            quotes.read(part);
        }
    }

    private String piece(String line) {
        return line.substring(Math.min(margin, line.length()));
    }

    /** What stood between two parts of a line. */
    private String glue(String before, String line) {
        if (way == Way.COLUMN) {
            atTheEdge += before.length() == widest ? 1 : 0;
            return " ".repeat(Math.max(0, widest - before.length()));
        }
        if (blanksKept || piece(line).startsWith(" ")) {
            return "";
        }
        // A word that alone is as wide as the page may have been broken within.
        doubtful |= before.length() == widest && before.strip().indexOf(' ') < 0;
        return " ";
    }

    /** Whether a literal or a name goes on in the same line: a name may have lost its blank, or have a line's end. */
    private boolean isBroken(String before, String line) {
        if (way == Way.BLANK) {
            return before.endsWith(" ") && isFull(before, piece(line));
        }
        boolean full = before.length() >= widest;
        doubtful |= quotes.inName() && !full && before.length() >= widest - MOST_BLANKS_LOST;
        return full;
    }

    /** Whether the next word did not fit behind a line. */
    private boolean isFull(String before, String line) {
        int start = line.length() - line.stripLeading().length();
        int end = line.indexOf(' ', start);
        return before.length() + (end < 0 ? line.length() : end + 1) > widest;
    }

    private boolean begins(String before, String line) {
        String text = line.strip();
        boolean full = way == Way.COLUMN
                ? before.length() >= widest - MOST_BLANKS_LOST
                : before.endsWith(" ") || isFull(before, piece(line));
        int right = TextLines.indent(line) - rootColumn;
        if (!full || right >= INDENTED || TextLines.isEnd(text)) {
            return true;
        }
        return mayBegin(text, right) && isWhole();
    }

    private static boolean mayBegin(String text, int right) {
        Kind kind = TextLine.kind(text);
        boolean ofThePlan = TextLine.isOfThePlan(TextLine.key(text));
        return switch (right) {
            case 0 -> ofThePlan || kind == Kind.TRIGGER || TextLines.mayBeRoot(text);
            case 2 -> kind != Kind.OTHER && kind != Kind.TRIGGER && !ofThePlan;
            default -> false;
        };
    }

    private boolean isWhole() {
        lookedAt += open.length();
        if (lookedAt > MOST_LOOKED_AT) {
            doubtful = true;
            return true;
        }
        String all = open.toString().strip();
        String text = all.substring(TextLine.arrow(all)).strip();
        Kind kind = TextLine.kind(all);
        boolean root = kind == Kind.OTHER || kind == Kind.TARGET;
        var figures = LineForm.figures(text);
        return (kind == Kind.NODE || root)
                ? figures != null && figures.measured() == measured
                : LineForm.isWhole(kind, text);
    }
}
