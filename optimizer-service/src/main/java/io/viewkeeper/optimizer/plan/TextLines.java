package io.viewkeeper.optimizer.plan;

import io.viewkeeper.optimizer.plan.TextLine.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The lines of a plan as the server wrote them, out of those that a terminal or a mail has broken, without what stands before,
 * between and after plans.
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
    private static final Pattern BROKEN_ROOT = Pattern.compile("(?:[A-Z][A-Za-z]+ ?){1,6}[^:]*  \\((?:c|a|$).*");
    private static final Pattern FIGURE = Pattern.compile(".*: [\\d.]+(?: ms| ?kB)?", Pattern.DOTALL);

    private static final int LONGEST_FIGURE = 60;
    /** Longer ones are none, and looking at them again and again would take long. */
    private static final int LONGEST_NODE = 4_000;

    private final List<String> lines;
    private final int widest;
    /** Whether nodes tell figures, so that a root is known by them. */
    private final boolean figures;

    private final List<TextLine> found = new ArrayList<>();
    private final List<String> above = new ArrayList<>();

    private final StringBuilder open = new StringBuilder();
    private final Quotes quotes = new Quotes();
    private Kind kind = Kind.OTHER;
    private int number;
    private int column;
    private int rootColumn = -1;
    private boolean ended;
    private boolean ofThePlan;

    private TextLines(List<String> lines) {
        this.lines = lines;
        this.widest = lines.stream()
                .filter(line -> !END.matcher(line.strip()).matches())
                .mapToInt(String::length)
                .max()
                .orElse(0);
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

    private void line(int i) {
        String line = lines.get(i);
        String text = line.strip();
        int indent = indent(line);
        if (text.isEmpty()) {
            ended |= !quotes.inLiteral();
            open.append(quotes.inLiteral() ? "\n" + line : "");
            above.add(line);
            return;
        }
        if (isRoot(text, indent)) {
            begin(Kind.ROOT, i, indent, text);
            rootColumn = indent;
            ended = false;
            ofThePlan = false;
            return;
        }
        if (rootColumn < 0) {
            above.add(line);
            return;
        }
        Kind begun = begun(text, i);
        if (begun != Kind.OTHER) {
            begin(begun, i, indent, text);
            ofThePlan |= TextLine.isOfThePlan(TextLine.key(text));
        } else if (END.matcher(text).matches() || HEADING.matcher(text).matches()) {
            ended = true;
        } else if (!ended) {
            carryOn(i, line, text);
        }
    }

    private Kind begun(String text, int i) {
        Kind begun = TextLine.kind(text);
        return switch (begun) {
            case NODE -> quotes.inLiteral() && figures && !isTold(text) ? Kind.OTHER : begun;
            case SUBPLAN -> !quotes.inLiteral() && TextLine.arrow(next(i)) > 0 ? begun : Kind.OTHER;
            case UNKNOWN_FIELD -> ended || ofThePlan || quotes.open() ? Kind.OTHER : begun;
            case TRIGGER -> ofThePlan && !quotes.open() ? begun : Kind.OTHER;
            case TARGET -> ended || ofThePlan || quotes.open() ? Kind.OTHER : begun;
            default -> quotes.inLiteral() ? Kind.OTHER : begun;
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
        open.append(text);
        quotes.read(text);
    }

    /** The rest of a line that was broken: at the width of a terminal or, by a mail, at a blank. */
    private void carryOn(int i, String line, String text) {
        if (isWhole()) {
            ended = true;
            return;
        }
        String part = quotes.inLiteral() ? "\n" + line : separator(i, line) + text;
        open.append(part);
        quotes.read(part);
    }

    /** Whether nothing can follow: all its figures are there. */
    private boolean isWhole() {
        if (quotes.open()) {
            return false;
        }
        int length = open.length();
        return switch (kind) {
            case ROOT, NODE -> length > LONGEST_NODE || (open.charAt(length - 1) == ')' && isTold(open.toString()));
            case TRIGGER -> open.indexOf("calls=") > 0;
            case SUBPLAN, OTHER -> true;
            case FIELD, UNKNOWN_FIELD, WORKER, TARGET ->
                FIGURE.matcher(open.substring(Math.max(0, length - LONGEST_FIGURE)))
                        .matches();
        };
    }

    private String separator(int i, String line) {
        boolean inFigures = (kind == Kind.NODE || kind == Kind.ROOT) && open.indexOf("  (") >= 0;
        String before = lines.get(i - 1);
        boolean blank = before.endsWith(" ") || line.startsWith(" ");
        return inFigures || (before.length() >= widest && !blank) ? "" : " ";
    }

    private void close() {
        if (!open.isEmpty()) {
            String text = open.toString();
            found.add(new TextLine(
                    kind, number, column, text.substring(TextLine.arrow(text)).strip()));
        }
        open.setLength(0);
        quotes.reset();
    }

    private boolean isRoot(String text, int indent) {
        boolean arrow = TextLine.arrow(text) > 0;
        if (rootColumn >= 0 && (arrow || indent > rootColumn || quotes.inLiteral())) {
            return false;
        }
        if (figures) {
            return isTold(text) || (rootColumn < 0 && BROKEN_ROOT.matcher(text).matches());
        }
        return (rootColumn < 0 || ended) && BARE_ROOT.matcher(text).matches();
    }

    /** Whether it is a node with what was expected or measured of it. */
    private static boolean isTold(String text) {
        int figures = TextHead.figures(text);
        return figures > 0
                && figures < text.length()
                && (TextLine.arrow(text) > 0 || Character.isUpperCase(text.charAt(0)))
                && TextLine.kind(text.substring(0, figures).strip()) != Kind.UNKNOWN_FIELD
                && TextLine.kind(text.substring(0, figures).strip()) != Kind.FIELD;
    }

    private static int indent(String line) {
        int columns = 0;
        for (int i = 0; i < line.length() && Character.isWhitespace(line.charAt(i)); i++) {
            columns = line.charAt(i) == '\t' ? (columns / 8 + 1) * 8 : columns + 1;
        }
        return columns;
    }

    /** Whether brackets and quotes of a line are closed. */
    private static final class Quotes {
        private int depth;
        private char quote;

        void read(String text) {
            for (int i = 0; i < text.length(); i++) {
                char sign = text.charAt(i);
                if (quote != 0) {
                    quote = sign == quote ? 0 : quote;
                } else if (sign == '\'' || sign == '"') {
                    quote = sign;
                } else if (sign == '(') {
                    depth++;
                } else if (sign == ')') {
                    depth--;
                }
            }
        }

        boolean inLiteral() {
            return quote == '\'';
        }

        boolean open() {
            return quote != 0 || depth > 0;
        }

        void reset() {
            depth = 0;
            quote = 0;
        }
    }
}
