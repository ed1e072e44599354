// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import io.viewkeeper.optimizer.plan.LineForm.Figures;
import io.viewkeeper.optimizer.plan.TextLine.Kind;
import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a plan as the server wrote them, without what stands before, between and after plans. A line that is no line of
 * the plan although it stands in it, and one that lacks a part, is a fault: somebody has broken lines ({@link BrokenLines}).
 */
final class TextLines {
    private static final Pattern END = Pattern.compile(
            "\\(\\d+ \\p{L}+\\)|Time: [\\d.,]+ ms.*|[-+|= ]{3,}|[\\w.@:/\\[\\]-]{1,80}[=(*'\"!^$-][#>](?: .*)?");
    /** As EXPLAIN (COSTS OFF) shows a node. Of other types the names are in common use. */
    private static final Pattern BARE_ROOT = Pattern.compile(
            "(?:Parallel |Async |Partial |Finalize )*(?:Result|ProjectSet|Append|Merge Append|Recursive Union|Nested Loop"
                    + "|BitmapAnd|BitmapOr|(?:Group|Hash|Mixed)?Aggregate|WindowAgg|Unique|Group|Limit|LockRows|Materialize|Memoize"
                    + "|Sort|Incremental Sort|Gather|Gather Merge|(?:Nested Loop|Merge|Hash)(?: [A-Z][a-z]+){0,2} Join"
                    + "|(?:Hash)?SetOp (?:Except|Intersect)(?: All)?"
                    + "|(?:Insert|Update|Delete|Merge) on \\S.*|[A-Z][A-Za-z ()]{0,50} Scan(?: \\([\\w ]+\\))?(?: Backward)?"
                    + "(?: (?:on|using) \\S.*)?)");

    private static final Pattern HEADING = Pattern.compile("QUERY PLAN");
    /** A root's line that is broken behind its name, or within it. */
    private static final Pattern BROKEN_ROOT = Pattern.compile("(?:[A-Z][A-Za-z]+ ?){1,6}[^:]*  \\((?:c|a|$).*");
    /** What may be left of a figure at the beginning of a line, or of a field's name at its end. */
    private static final Pattern REST = Pattern.compile("[\\d.,)=].*|.*\\d ?(?:ms|kB)\\b.*|.*=\\d.*|.*\\)|ms|kB");

    private static final Set<String> LONGEST_NAMES =
            Set.of("Planning Time:", "Execution Time:", "Query Identifier:", "Serialization:", "Settings:", "Trigger ");
    /** Statements that look like a plan again and again. */
    private static final int MOST_LOOKS = 20;
    /** Citus tells nothing of it. */
    private static final String WITHOUT_FIGURES = "Task";

    private final List<String> lines;
    /** Whether nodes tell figures, so that a root is known by them. */
    private final boolean figures;

    private final List<TextLine> found = new ArrayList<>();
    private final List<String> above = new ArrayList<>();
    /** From the statement's first line on, if auto_explain tells it. */
    private final StringBuilder statement = new StringBuilder();

    private final StringBuilder open = new StringBuilder();
    private final Quotes quotes = new Quotes();
    private Kind kind = Kind.OTHER;
    private int number;
    private int column;
    private int rootColumn = -1;
    private @Nullable Figures ofRoot;
    /** Whether there is something between this line and the plan's last one. */
    private boolean apart = true;

    private boolean ofThePlan;
    /** The first line that stands in the plan and is none of it; 0 if there is none. */
    private int strange;

    private int looks;
    private int fault;

    private TextLines(List<String> lines) {
        this.lines = lines;
        this.figures = lines.stream().anyMatch(line -> isTold(line.strip()));
    }

    static TextLines of(String text) {
        var lines = new TextLines(text.lines().toList());
        for (int i = 0; i < lines.lines.size(); i++) {
            lines.line(i);
        }
        lines.close();
        return lines;
    }

    /** Every plan begins with its {@link Kind#ROOT}; empty if there is none. */
    List<TextLine> found() {
        return found;
    }

    /** What stands above the first plan, as it was. */
    List<String> above() {
        return above;
    }

    /** The number of the first line that is not as the server writes it; 0 if there is none. */
    int fault() {
        return fault;
    }

    private void line(int i) {
        String line = lines.get(i);
        String text = line.strip();
        int indent = indent(line);
        if (quotes.inQuotes()) {
            // The value may have blanks of its own behind those of the frame.
            open.append('\n')
                    .append(line.substring(Math.min(Math.max(0, rootColumn), Math.min(indent, line.length()))));
            quotes.read(line);
        } else if (text.isEmpty()) {
            apart = true;
            above(line);
        } else if (isRoot(text, indent)) {
            if (TextLine.arrow(text) > 0 && !apart) {
                fault(i);
            }
            begin(Kind.ROOT, i, indent, text);
            rootColumn = indent;
            ofThePlan = false;
            strange = 0;
        } else if (rootColumn < 0) {
            above(line);
            apart = isEnd(text);
        } else {
            inside(i, indent, text);
        }
    }

    private void above(String line) {
        if (rootColumn < 0) {
            above.add(line);
            boolean starts = statement.isEmpty() && TextLine.key(line.strip()).equals("Query Text");
            if (starts || !statement.isEmpty()) {
                statement.append(starts ? TextLine.value(line.strip()) : line).append('\n');
            }
        }
    }

    private void inside(int i, int indent, String text) {
        Kind begun = begun(text, i, indent);
        if (begun != Kind.OTHER) {
            if (strange > 0) {
                fault(strange - 1);
            }
            begin(begun, i, indent, text);
            ofThePlan |= TextLine.isOfThePlan(TextLine.key(text));
        } else if (isEnd(text)) {
            apart = true;
        } else {
            strange = strange == 0 ? i + 1 : strange;
            boolean behind = ofThePlan && !isRest(text);
            if (!apart && !behind) {
                fault(i);
            }
        }
    }

    static boolean isEnd(String text) {
        return END.matcher(text).matches() || HEADING.matcher(text).matches();
    }

    private static boolean isRest(String text) {
        return REST.matcher(text).matches() || LONGEST_NAMES.stream().anyMatch(name -> name.startsWith(text));
    }

    private void fault(int i) {
        fault = fault == 0 ? i + 1 : fault;
    }

    private Kind begun(String text, int i, int indent) {
        Kind begun = TextLine.kind(text);
        return switch (begun) {
            case SUBPLAN -> TextLine.arrow(next(i)) > 0 ? begun : Kind.OTHER;
            case UNKNOWN_FIELD -> ofThePlan || (apart && indent <= rootColumn) ? Kind.OTHER : begun;
            case TRIGGER -> ofThePlan ? begun : Kind.OTHER;
            case TARGET -> ofThePlan ? Kind.OTHER : begun;
            default -> begun;
        };
    }

    private String next(int i) {
        for (int after = i + 1; after < lines.size(); after++) {
            if (!lines.get(after).isBlank()) {
                return lines.get(after).strip();
            }
        }
        return "";
    }

    private void begin(Kind begun, int i, int indent, String text) {
        close();
        kind = begun;
        number = i + 1;
        column = indent;
        apart = false;
        open.append(text);
        if (mayBeQuoted(begun, text)) {
            quotes.read(text);
        }
    }

    /** Of settings, and of names that the server does not quote, quotation marks mean nothing. */
    static boolean mayBeQuoted(Kind kind, String text) {
        return switch (kind) {
            case SUBPLAN, TRIGGER -> false;
            case FIELD -> !text.startsWith("Settings:");
            default -> true;
        };
    }

    private void close() {
        if (!open.isEmpty()) {
            String all = open.toString();
            String text = all.substring(TextLine.arrow(all)).strip();
            found.add(new TextLine(kind, number, column, text));
            if (quotes.inQuotes() || !isWhole(text)) {
                fault(number - 1);
            }
        }
        open.setLength(0);
        quotes.reset();
    }

    /** Nodes of a plan tell the same figures, or none. */
    private boolean isWhole(String text) {
        if (kind != Kind.ROOT && kind != Kind.NODE) {
            return LineForm.isWhole(kind, text);
        }
        Figures told = LineForm.figures(text);
        ofRoot = kind == Kind.ROOT ? told : ofRoot;
        return told != null && (told.equals(ofRoot) || text.equals(WITHOUT_FIGURES));
    }

    private boolean isRoot(String text, int indent) {
        boolean arrow = TextLine.arrow(text) > 0;
        if (rootColumn >= 0 && (arrow || indent > rootColumn)) {
            return false;
        }
        boolean root = figures
                ? isTold(text) || (rootColumn < 0 && BROKEN_ROOT.matcher(text).matches())
                : (rootColumn < 0 || apart) && BARE_ROOT.matcher(text).matches();
        return root && !inStatement();
    }

    /** Whether a line above the plan is part of a literal, a name or a comment of the statement that auto_explain tells. */
    private boolean inStatement() {
        if (rootColumn >= 0 || statement.isEmpty()) {
            return false;
        }
        if (++looks > MOST_LOOKS) {
            return true;
        }
        return SqlLexer.tokens(statement.toString()).getLast().kind() == SqlToken.Kind.UNTERMINATED;
    }

    /** Whether a plan may begin with a line, be it whole or not. */
    static boolean mayBeRoot(String text) {
        return TextLine.arrow(text) == 0
                && (isTold(text)
                        || BROKEN_ROOT.matcher(text).matches()
                        || BARE_ROOT.matcher(text).matches());
    }

    /** Whether it is a node with what was expected or measured of it. */
    static boolean isTold(String text) {
        int figures = TextHead.figures(text);
        return figures > 0
                && figures < text.length()
                && (TextLine.arrow(text) > 0 || Character.isUpperCase(text.charAt(0)))
                && TextLine.kind(text.substring(0, figures).strip()) != Kind.UNKNOWN_FIELD
                && TextLine.kind(text.substring(0, figures).strip()) != Kind.FIELD;
    }

    static int indent(String line) {
        int columns = 0;
        for (int i = 0; i < line.length() && Character.isWhitespace(line.charAt(i)); i++) {
            columns = line.charAt(i) == '\t' ? (columns / 8 + 1) * 8 : columns + 1;
        }
        return columns;
    }
}
