package io.viewkeeper.optimizer.plan;

import java.util.stream.Collectors;

/** What psql puts around a plan: a heading, a rule, a + at the end of each line, and the number of rows. */
final class PsqlOutput {
    private static final String HEADING = "QUERY PLAN";
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private PsqlOutput() {}

    /** The plan alone, its lines where they were. */
    static String unwrapped(String text) {
        String plain = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        if (!plain.stripLeading().startsWith(HEADING)) {
            return plain;
        }
        return plain.lines().map(PsqlOutput::content).collect(Collectors.joining("\n"));
    }

    private static String content(String line) {
        String content = line.strip();
        if (content.equals(HEADING) || isRule(content) || (content.startsWith("(") && content.endsWith(")"))) {
            return "";
        }
        return content.endsWith("+") ? content.substring(0, content.length() - 1) : content;
    }

    private static boolean isRule(String content) {
        return !content.isEmpty() && content.chars().allMatch(sign -> sign == '-');
    }
}
