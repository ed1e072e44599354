// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is around the lines of a plan where people copy them: borders of a table, quotes of CSV, a fence, comment signs, tags of
 * a page. Lines stay where they were, so that a place in what is left is a place in the text.
 */
final class Frames {
    private static final Pattern FENCE = Pattern.compile("(?:```|~~~).*");
    private static final Pattern HEADING = Pattern.compile("[ |\"*\\u2500-\\u257f]*QUERY PLAN[ |\"*\\u2500-\\u257f]*");
    /** Lines of psql's three styles, and of Markdown. */
    private static final Pattern RULE =
            Pattern.compile("[-+|:=\\u2500-\\u257f ]*(?:[-=\\u2500\\u2550]{3})[-+|:=\\u2500-\\u257f ]*");

    private static final Pattern RECORD =
            Pattern.compile("[-+\\u2500-\\u257f]*\\[ ?RECORD \\d+ ?\\][-+\\u2500-\\u257f]*");
    private static final Pattern EXPANDED =
            Pattern.compile("(?:(?:QUERY PLAN| {10}) ?[|\\u2502\\u2551] ?|QUERY PLAN,)(.*)");
    /** As psql begins a row where there are no borders: the column's name and a blank are before it. */
    private static final Pattern BORDERLESS = Pattern.compile("\\* Record \\d+");

    private static final Pattern NAMED = Pattern.compile("(?:QUERY PLAN| {10}) (.*)");
    /** The beginning of a cell, where a page has lines of its own before it. */
    private static final Pattern CELL = Pattern.compile("(?m)^[ \\t]+(?=<t[dh][ >])");

    private static final Pattern WRAPPED_END = Pattern.compile(".*([.\\u2026])( *[|\\u2502\\u2551]? *)");
    private static final Pattern WRAPPED_START = Pattern.compile(" *[|\\u2502\\u2551]? *([.\\u2026])(.*)");
    /** Without a heading: a number may have been broken between two points. */
    private static final int ENOUGH_WRAPPED = 3;

    private static final Pattern TUPLE = Pattern.compile("\\[?\\(['\"](.*)['\"],\\)[,\\]]?");
    private static final Pattern SINGLE = Pattern.compile("'.*'");
    private static final Pattern PROMPT = Pattern.compile("[\\w.@:/\\[\\]-]{1,80}[=(*'\"!^$-][#>](?: .*)?");
    private static final Pattern LINE_TAG = Pattern.compile("(?i)<br ?/?>|</(?:tr|p|div|li|td|th)>");
    private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^<>]{0,200}>");
    private static final String STROKES = "|\u2502\u2551";
    /** What may stand before every line: a quotation, a comment, a container's name. */
    private static final String PREFIX_ENDS = "|>#*/:;]-";

    private Frames() {}

    static String removed(String text) {
        String page = withoutTags(withoutEscapes(text));
        List<String> lines = fenced(page.lines().toList());
        lines = withoutPrefix(withoutBorders(lines));
        String content = lines.stream().collect(Collectors.joining("\n")).stripTrailing();
        if (content.endsWith(";")) {
            content = content.substring(0, content.length() - 1);
        }
        if (content.contains("\"\"Node Type\"\"")) {
            return content.replace("\"\"", "\"");
        }
        return content.contains("\"Node Type\"")
                ? content
                : withoutQuotes(content.lines().toList());
    }

    /** A text as a program's source has it: [\n  {\n    \"Plan\": …. */
    private static String withoutEscapes(String text) {
        boolean escaped =
                text.strip().indexOf('\n') < 0 && (text.contains("\\n") || text.contains("\\\"Node Type\\\""));
        return escaped
                ? text.replace("\\n", "\n")
                        .replace("\\t", "\t")
                        .replace("\\\"", "\"")
                        .replace("\\\\", "\\")
                : text;
    }

    private static String withoutTags(String text) {
        boolean tagged = !text.contains("<Node-Type>")
                && (text.contains("</td>") || text.contains("</pre>") || text.contains("<br"));
        String page = text;
        if (tagged) {
            page = CELL.matcher(page).replaceAll("");
            page = LINE_TAG.matcher(page).replaceAll("\n");
            page = TAG.matcher(page).replaceAll("");
        }
        boolean escaped =
                page.contains("&gt;") || page.contains("&quot;") || page.contains("&lt;") || page.contains("&nbsp;");
        if (!escaped || page.contains("->") || page.contains("\"Node Type\"") || page.contains("<Node-Type>")) {
            return page;
        }
        return page.replace("&nbsp;", " ")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&#x27;", "'")
                .replace("&amp;", "&");
    }

    /** What is in the fences, if a plan is in them. */
    private static List<String> fenced(List<String> lines) {
        boolean inside = false;
        var kept = new ArrayList<String>();
        var fenced = new StringBuilder();
        boolean begun = false;
        for (String line : lines) {
            begun |= !inside && TextLines.isTold(line.strip());
            boolean fence = !begun && FENCE.matcher(line.strip()).matches();
            inside ^= fence;
            fenced.append(inside && !fence ? line : "").append('\n');
            kept.add(fence ? line.replace("```json", "").replace("```", "").replace("~~~", "") : line);
        }
        String content = fenced.toString();
        boolean holds = TextHead.figures(content) < content.length()
                || content.contains("->  ")
                || content.contains("Node Type")
                || content.contains("Node-Type");
        return holds ? content.lines().toList() : kept;
    }

    private static List<String> withoutBorders(List<String> lines) {
        boolean right = lines.stream()
                .map(String::strip)
                .anyMatch(line -> HEADING.matcher(line).matches() && isStroke(line.charAt(line.length() - 1)));
        boolean borderless =
                lines.stream().anyMatch(line -> BORDERLESS.matcher(line.strip()).matches());
        var contents = unwrapped(lines).stream()
                .map(line -> content(line, right, borderless))
                .toList();
        return isNamed(lines) || isMarked(contents)
                ? contents.stream().map(Frames::withoutNewlineMark).toList()
                : contents;
    }

    /** Whether psql shows it, by its heading or by the name before its rows. */
    private static boolean isNamed(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .anyMatch(line -> HEADING.matcher(line).matches()
                        || BORDERLESS.matcher(line).matches()
                        || RECORD.matcher(line).matches());
    }

    /** Where only rows are shown, by the marks at the end of most lines. */
    private static boolean isMarked(List<String> contents) {
        long told = contents.stream().filter(content -> !content.isBlank()).count();
        long marked = contents.stream()
                .filter(content -> !withoutNewlineMark(content).equals(content))
                .count();
        return told > 1 && 2 * marked >= told;
    }

    /** Where psql has broken lines (\pset format wrapped) it has put a sign at both ends. */
    private static List<String> unwrapped(List<String> lines) {
        var whole = new ArrayList<String>();
        int wrapped = 0;
        String before = "";
        for (String line : lines) {
            Matcher end = WRAPPED_END.matcher(before);
            Matcher start = WRAPPED_START.matcher(line);
            if (end.matches() && start.matches() && end.group(1).equals(start.group(1))) {
                int open = whole.size() - 1;
                String last = whole.get(open);
                whole.set(open, last.substring(0, last.length() - end.group(2).length() - 1) + start.group(2));
                wrapped++;
            } else {
                whole.add(line);
            }
            before = line;
        }
        return isNamed(lines) || wrapped >= ENOUGH_WRAPPED ? whole : lines;
    }

    private static String content(String line, boolean right, boolean borderless) {
        String stripped = line.strip();
        if (stripped.isEmpty()
                || RECORD.matcher(stripped).matches()
                || BORDERLESS.matcher(stripped).matches()
                || RULE.matcher(stripped).matches()
                || PROMPT.matcher(stripped).matches()) {
            return "";
        }
        if (HEADING.matcher(stripped).matches()) {
            return "QUERY PLAN";
        }
        Matcher row = (borderless ? NAMED : EXPANDED).matcher(withoutStrokes(line, right));
        return row.matches() ? row.group(1) : withoutStrokes(line, right);
    }

    private static String withoutStrokes(String line, boolean right) {
        String stripped = line.strip();
        String ended = line.stripTrailing();
        boolean strokes =
                ended.length() > 1 && isStroke(stripped.charAt(0)) && isStroke(ended.charAt(ended.length() - 1));
        if (!strokes && !(right && isStroke(ended.charAt(ended.length() - 1)))) {
            return line;
        }
        int start = strokes ? line.indexOf(stripped) + 1 : 0;
        boolean pad = strokes && start < ended.length() - 1 && line.charAt(start) == ' ';
        return line.substring(pad ? start + 1 : Math.min(start, ended.length() - 1), ended.length() - 1);
    }

    private static boolean isStroke(char sign) {
        return STROKES.indexOf(sign) >= 0;
    }

    private static String withoutNewlineMark(String line) {
        String ended = line.stripTrailing();
        boolean marked = ended.endsWith("+") || ended.endsWith("\u21b5");
        return marked ? ended.substring(0, ended.length() - 1).stripTrailing() : line;
    }

    private static List<String> withoutPrefix(List<String> lines) {
        List<String> told = lines.stream().filter(line -> !line.isBlank()).toList();
        if (told.size() < 2) {
            return lines;
        }
        String common = told.getFirst();
        for (String line : told) {
            int length = 0;
            while (length < Math.min(common.length(), line.length()) && common.charAt(length) == line.charAt(length)) {
                length++;
            }
            common = common.substring(0, length);
        }
        int end = common.length();
        while (end > 0 && PREFIX_ENDS.indexOf(common.charAt(end - 1)) < 0) {
            end--;
        }
        String prefix = common.substring(0, end);
        if (prefix.isBlank() || prefix.contains("->") || prefix.indexOf('"') >= 0) {
            return lines;
        }
        return lines.stream()
                .map(line -> line.isBlank() ? line : line.substring(prefix.length()))
                .toList();
    }

    /** Of CSV: around every line, or around all of them together, with the quotes inside doubled. */
    private static String withoutQuotes(List<String> lines) {
        var contents = new ArrayList<String>();
        boolean single = lines.stream()
                .map(String::strip)
                .allMatch(line -> line.isEmpty() || SINGLE.matcher(line).matches());
        boolean open = false;
        boolean begun = false;
        for (String line : lines) {
            String content = line.strip();
            Matcher tuple = TUPLE.matcher(content);
            boolean odd = content.chars().filter(sign -> sign == '"').count() % 2 == 1;
            int end = content.endsWith("\",") || content.endsWith("\";") ? content.length() - 2 : content.length() - 1;
            // What goes on over lines has begun before the plan: in it a line may begin with a name.
            boolean starts = content.startsWith("\"") && !open && !(begun && (odd || content.charAt(end) != '"'));
            begun |= TextLines.isTold(content);
            boolean ends = (starts ? !odd : odd && open) && end > 0 && content.charAt(end) == '"';
            if (tuple.matches()) {
                contents.add(tuple.group(1));
            } else if (single && !content.isEmpty()) {
                contents.add(content.substring(1, content.length() - 1));
            } else if (starts || open) {
                String inner = starts ? content.substring(1, ends ? end : content.length()) : line;
                inner = ends && !starts ? line.substring(0, line.lastIndexOf('"')) : inner;
                contents.add(inner.replace("\"\"", "\""));
                open = !ends;
            } else {
                contents.add(line);
            }
        }
        return contents.stream().collect(Collectors.joining("\n"));
    }
}
