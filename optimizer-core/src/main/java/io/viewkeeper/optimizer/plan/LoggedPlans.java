// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What auto_explain wrote into a log, of stderr, of syslog or as CSV. A log in JSON holds the same message as a text. */
final class LoggedPlans {
    private static final Pattern MARK = Pattern.compile("duration: [\\d.]{1,30} ms +plan: *");
    private static final Pattern ENTRY = Pattern.compile(
            ".{0,400}(?:LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG\\d?|STATEMENT|DETAIL|HINT|CONTEXT|LOCATION): {1,2}.*");
    private static final Pattern SYSLOG = Pattern.compile("^.{0,200}?\\[\\d{1,9}-\\d{1,9}\\] ?");
    private static final String SYSLOG_TAB = "#011";

    private LoggedPlans() {}

    /** Each plan with the statement above it; none where no line of a log begins with one, or where the log is JSON. */
    static List<String> of(String text) {
        String log = text.contains(SYSLOG_TAB) ? withoutPrefixes(text) : text;
        var plans = new ArrayList<String>();
        Matcher mark = MARK.matcher(log);
        int from = 0;
        while (mark.find(from)) {
            int start = mark.end();
            boolean quoted = mark.start() > 0 && log.charAt(mark.start() - 1) == '"';
            if (quoted && !log.startsWith(",\"", mark.start() - 2)) {
                return List.of();
            }
            from = quoted ? closingQuote(log, start) : entryEnd(log, start);
            String plan = log.substring(start, from);
            plans.add(quoted ? plan.replace("\"\"", "\"") : withoutTabs(plan));
        }
        return plans;
    }

    private static String withoutPrefixes(String text) {
        var lines = new StringBuilder();
        text.lines()
                .forEach(line -> lines.append(
                                SYSLOG.matcher(line).replaceFirst("").replace(SYSLOG_TAB, "\t"))
                        .append('\n'));
        return lines.toString();
    }

    private static int closingQuote(String text, int start) {
        int at = start;
        while (at < text.length()) {
            if (text.charAt(at) == '"') {
                if (at + 1 >= text.length() || text.charAt(at + 1) != '"') {
                    return at;
                }
                at++;
            }
            at++;
        }
        return text.length();
    }

    /** Lines of an entry begin with a tab; where a page has lost it, with anything but what the next entry begins with. */
    private static int entryEnd(String text, int start) {
        int line = lineEnd(text, start);
        boolean tabs = line < text.length() && isIndented(text, line);
        while (line < text.length()) {
            int end = lineEnd(text, line);
            String content = text.substring(line, end);
            boolean ends = tabs
                    ? !content.isBlank() && !isIndented(text, line)
                    : ENTRY.matcher(content.stripTrailing()).matches();
            if (ends) {
                return line;
            }
            line = end;
        }
        return text.length();
    }

    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end + 1;
    }

    private static boolean isIndented(String text, int line) {
        return text.charAt(line) == '\t' || text.charAt(line) == ' ';
    }

    private static String withoutTabs(String plan) {
        var lines = new StringBuilder();
        plan.lines()
                .forEach(line -> lines.append(line.startsWith("\t") ? line.substring(1) : line)
                        .append('\n'));
        return lines.toString();
    }
}
