// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import io.viewkeeper.optimizer.plan.TextLine.Kind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a line of EXPLAIN (FORMAT TEXT) is from its beginning to its end: one that lacks a part of itself has another form. */
final class LineForm {
    private static final String N = "\\d{1,25}(?:\\.\\d{1,25})?";
    private static final String GAP = " {1,2}";
    private static final String MEASURED =
            "actual (?:time=" + N + "\\.\\." + N + GAP + ")?rows=" + N + GAP + "loops=" + N;
    private static final Pattern FIGURES = Pattern.compile("(\\(cost=" + N + "\\.\\." + N + GAP + "rows=" + N + GAP
            + "width=" + N + "\\))? {0,2}(\\(" + MEASURED + "\\)|\\(never executed\\))?");
    private static final Pattern CALLS = Pattern.compile("(?:time=" + N + " )?calls=\\d{1,25}");
    private static final Pattern WORKER =
            Pattern.compile("Worker \\d{1,6}: *(?:" + MEASURED + "|([A-Z].*))?", Pattern.DOTALL);

    private static final String KB = "\\d{1,25} ?kB";
    private static final String MEMORY = GAP + "Memory Usage: " + KB;
    private static final String BATCHES = "\\d{1,25}" + MEMORY + "(?:" + GAP + "Disk Usage: " + KB + ")?";
    private static final String BLOCKS = "(?:shared|local|temp)(?: (?:hit|read|dirtied|written)=\\d{1,25}){1,4}";
    private static final String IO =
            "(?:(?:shared/local|shared|local|temp) )?(?:read|write)=" + N + "(?: (?:read|write)=" + N + ")?";
    private static final String SPACE = GAP + "Average (?:Memory|Disk): " + KB + GAP + "Peak (?:Memory|Disk): " + KB;

    private static final Pattern COUNT = Pattern.compile(N);
    private static final Pattern COUNTS = Pattern.compile(
            "[a-z]{1,20}(?: full)?=\\d{1,25}(?:kB)?(?: {1,2}[a-z]{1,20}(?: full)?=\\d{1,25}(?:kB)?){0,8}");
    private static final Pattern MILLIS = Pattern.compile(N + " ms");
    private static final Pattern TRUTH = Pattern.compile("true|false");
    private static final Pattern NOTHING = Pattern.compile("");
    private static final Pattern IDENTIFIER = Pattern.compile("-?\\d{1,25}");
    private static final Pattern SORT = Pattern.compile("[A-Za-z -]{1,40}?" + GAP + "(?:Memory|Disk): " + KB);
    private static final Pattern BUFFERS = Pattern.compile(BLOCKS + "(?:, " + BLOCKS + "){0,2}");
    private static final Pattern TIMINGS = Pattern.compile(IO + "(?:, " + IO + "){0,2}");
    private static final Pattern HASHED = Pattern.compile("\\d{1,25}(?: \\(originally \\d{1,25}\\))?" + GAP
            + "Batches: \\d{1,25}(?: \\(originally \\d{1,25}\\))?" + MEMORY);
    private static final Pattern AGGREGATED = Pattern.compile(BATCHES);
    private static final Pattern PLANNED = Pattern.compile("\\d{1,25}(?:" + GAP + "Batches: " + BATCHES + ")?");
    private static final Pattern CACHED = Pattern.compile("\\d{1,25}" + GAP + "Misses: \\d{1,25}" + GAP
            + "Evictions: \\d{1,25}" + GAP + "Overflows: \\d{1,25}" + MEMORY);
    private static final Pattern HEAP = Pattern.compile("exact=\\d{1,25}(?: lossy=\\d{1,25})?|lossy=\\d{1,25}");
    private static final Pattern GROUPS =
            Pattern.compile("\\d{1,25}" + GAP + "Sort Methods?: [A-Za-z, -]{1,200}?" + SPACE + "(?:" + SPACE + ")?");
    private static final Pattern STORED = Pattern.compile("\\w{1,20}" + GAP + "Maximum Storage: " + KB);
    private static final Pattern SETTINGS = Pattern.compile("[^= ]{1,200} = '.*'", Pattern.DOTALL);
    private static final Pattern OPTIONS =
            Pattern.compile("[A-Z][a-z]{1,20} (?:true|false)(?:, [A-Z][a-z]{1,20} (?:true|false)){3}");
    private static final Pattern TIMING = Pattern.compile("[A-Z].{1,400}, Total " + N + " ms");
    private static final Pattern SERIALIZED =
            Pattern.compile("(?:time=" + N + " ms" + GAP + ")?output=" + KB + GAP + "format=\\w{1,10}");

    private LineForm() {}

    /** Which figures a line of a node has. */
    record Figures(boolean cost, boolean measured) {}

    /** @return null where a part is missing, or nothing can be made of what stands there */
    static @Nullable Figures figures(String node) {
        int at = TextHead.figures(node);
        Matcher figures = FIGURES.matcher(node.substring(at));
        boolean whole = at > 0 && figures.matches() && isClosed(node.substring(0, at));
        return whole ? new Figures(figures.group(1) != null, figures.group(2) != null) : null;
    }

    /** Whether a line that is no node's is all there. */
    static boolean isWhole(Kind kind, String text) {
        return switch (kind) {
            case WORKER -> isWorker(text);
            case TRIGGER ->
                CALLS.matcher(TextLine.value(text.substring(text.lastIndexOf(": ") + 1)))
                        .matches();
            case FIELD -> isField(TextLine.key(text), TextLine.value(text));
            case TARGET, UNKNOWN_FIELD -> isClosed(text);
            case SUBPLAN -> true;
            case ROOT, NODE -> figures(text) != null;
            case OTHER -> false;
        };
    }

    private static boolean isWorker(String text) {
        Matcher worker = WORKER.matcher(text);
        return worker.matches()
                && (worker.group(1) == null || isField(TextLine.key(worker.group(1)), TextLine.value(worker.group(1))));
    }

    private static boolean isField(String key, String value) {
        Pattern form = form(key);
        if (form != null) {
            return form.matcher(value).matches();
        }
        boolean sql = key.equals("Remote SQL");
        return !value.isEmpty() && !value.endsWith(",") && isClosed(value) && (sql || !holdsAKey(value));
    }

    /** Of what is no expression. */
    private static @Nullable Pattern form(String key) {
        return switch (key) {
            case "Rows Removed by Filter",
                    "Rows Removed by Join Filter",
                    "Rows Removed by Index Recheck",
                    "Rows Removed by Conflict Filter",
                    "Heap Fetches",
                    "Index Searches",
                    "Workers Planned",
                    "Workers Launched",
                    "Subplans Removed",
                    "Tuples Inserted",
                    "Conflicting Tuples",
                    "Disabled Nodes",
                    "Batch Size",
                    "Functions" -> COUNT;
            case "Inner Unique", "Single Copy", "Disabled" -> TRUTH;
            case "Planning Time", "Planning time", "Execution Time", "Execution time", "Total runtime" -> MILLIS;
            case "Planning", "JIT" -> NOTHING;
            case "Query Identifier" -> IDENTIFIER;
            case "WAL", "Tuples", "Memory" -> COUNTS;
            case "Sort Method" -> SORT;
            case "Buffers" -> BUFFERS;
            case "I/O Timings" -> TIMINGS;
            case "Buckets" -> HASHED;
            case "Batches" -> AGGREGATED;
            case "Planned Partitions" -> PLANNED;
            case "Hits" -> CACHED;
            case "Heap Blocks" -> HEAP;
            case "Full-sort Groups", "Pre-sorted Groups" -> GROUPS;
            case "Storage" -> STORED;
            case "Settings" -> SETTINGS;
            case "Options" -> OPTIONS;
            case "Timing" -> TIMING;
            case "Serialization" -> SERIALIZED;
            default -> null;
        };
    }

    private static boolean isClosed(String text) {
        var quotes = new Quotes();
        quotes.read(text);
        return !quotes.inQuotes() && quotes.depth() == 0;
    }

    /** "Filter: (a > 1) Rows Removed by Filter: 5", where two lines have become one: no expression has a word before a colon. */
    private static boolean holdsAKey(String expression) {
        var quotes = new Quotes();
        int read = 0;
        for (int at = expression.indexOf(": "); at >= 0; at = expression.indexOf(": ", at + 1)) {
            quotes.read(expression.substring(read, at));
            read = at;
            if (!quotes.inQuotes() && at > 0 && Character.isLetter(expression.charAt(at - 1))) {
                return true;
            }
        }
        return false;
    }
}
