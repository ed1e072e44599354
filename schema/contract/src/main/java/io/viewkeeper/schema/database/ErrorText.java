package io.viewkeeper.schema.database;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Error messages without row data. PostgreSQL's own primary messages quote identifiers only in most classes and values in
 * a few: {@code invalid input syntax for type integer: "…"} is one. What a function raises may say anything, under any
 * SQLSTATE that it likes.
 */
final class ErrorText {
    /** What the languages of lc_messages put around what they quote: "…", «…», »…«, „…“, 「…」. */
    private static final String MARK = "[\"'\u00ab\u00bb\u2018-\u201f\u2039\u203a\u300c-\u300f]";

    /**
     * From the first mark to the last one, for a quoted value may hold marks of its own, and ends of lines. An apostrophe
     * within a word opens nothing.
     */
    private static final Pattern QUOTED =
            Pattern.compile("(?<!\\p{L}(?=['\u2019]))" + MARK + "(?:.*" + MARK + "|.*)", Pattern.DOTALL);

    private static final String IDENTIFIER = "(?:\"(?:[^\"]|\"\")+\"|[^\\s\"().,]+)";

    /**
     * Lines of an error's context that say in which function it happened, in words of whatever language lc_messages is: with
     * PL/pgSQL a signature follows, with the others a quoted name. All other lines may hold texts of statements or rows.
     */
    private static final Pattern IN_FUNCTION =
            Pattern.compile("(?!.*:=)[\\p{L}\\h-]*PL/pgSQL[\\p{L}\\h-]*?\\h(?<signature>(?:"
                    + IDENTIFIER + "\\.)?" + IDENTIFIER + "\\([^()]*\\)).*"
                    + "|(?:SQL|PL/\\w+) function \"(?<name>[^\"]+)\".*");

    private static final Pattern DIGITS = Pattern.compile("\\d+");

    /** Classes whose messages name objects, limits and settings, never values. */
    private static final Set<String> NAMES_ONLY =
            Set.of("08", "0A", "21", "23", "25", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58");

    /** Classes that name what is not there: where no place in a text is told, the name came from a value, as of regclass. */
    private static final Set<String> NOT_THERE = Set.of("42", "3F");

    private static final String SYNTAX_ERROR = "42601";

    /** Where PL/pgSQL's RAISE reports from (pl_exec.c). */
    private static final String RAISE = "exec_stmt_raise";

    private ErrorText() {}

    /**
     * The message as it may be stored, logged and published.
     *
     * @param routine the server's source routine that reported it; null where it did not say
     * @param placed whether the server said where in a statement or in a function's text the error is
     */
    static String withoutValues(String sqlState, String message, @Nullable String routine, boolean placed) {
        String errorClass = sqlState.substring(0, 2);
        if (RAISE.equals(routine) || errorClass.equals("P0")) {
            return "raised by a function of the database; its text is withheld, for it may hold row data";
        }
        if (sqlState.equals(SYNTAX_ERROR) || (!placed && NOT_THERE.contains(errorClass))) {
            // A syntax error quotes the text from where it stopped making sense, and that may be a value, too.
            return firstLine(withoutQuoted(message));
        }
        return NAMES_ONLY.contains(errorClass)
                ? firstLine(message)
                : DIGITS.matcher(firstLine(withoutQuoted(message))).replaceAll("?");
    }

    /** Of the lines of an error's context the innermost comes first. */
    static @Nullable String innermostFunction(@Nullable String context) {
        if (context == null) {
            return null;
        }
        return context.lines()
                .map(IN_FUNCTION::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group("signature") == null ? line.group("name") : line.group("signature"))
                .findFirst()
                .orElse(null);
    }

    private static String withoutQuoted(String message) {
        return QUOTED.matcher(message).replaceAll("\"?\"");
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
