// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Error messages without row data. PostgreSQL's own primary messages quote identifiers only in most classes and values in
 * a few: {@code invalid input syntax for type integer: "…"} is one. What a function raises may say anything, under any
 * SQLSTATE that it likes; and where a function executes a text that it puts together, names may be values.
 */
final class ErrorText {
    /** What the languages of lc_messages put around what they quote: "…", «…», »…«, „…“, 「…」. */
    private static final String MARK = "[\"'\u00ab\u00bb\u2018-\u201f\u2039\u203a\u300c-\u300f]";

    private static final Pattern ANY_MARK = Pattern.compile(MARK);

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

    /** Classes in which core functions, {@code regclass} for one, say the name that they were given. */
    private static final Set<String> GIVEN_NAMES = Set.of("0A", "3F", "42");

    /** Classes whose messages name nothing but, in quotation marks, files and relations. */
    private static final Set<String> SELF_EVIDENT = Set.of("40", "53", "57");

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String SYNTAX_ERROR = "42601";
    private static final String UNDEFINED_FUNCTION = "42883";
    private static final String UNDEFINED_OBJECT = "42704";
    private static final String UNDEFINED_FILE = "58P01";
    private static final String UNDEFINED_DATABASE = "3D000";

    /** Where PL/pgSQL's RAISE reports from (pl_exec.c). */
    private static final String RAISE = "exec_stmt_raise";

    /** Where a session says that its database is not there (postinit.c). */
    private static final String SESSION_BEGINS = "InitPostgres";

    /** Where the name of a sequence is said as it was given, without marks (sequence.c). */
    private static final Set<String> SEQUENCES =
            Set.of("nextval_internal", "currval_oid", "lastval", "do_setval", "pg_sequence_parameters");

    /** Where another server's words are repeated, under its SQLSTATE. */
    private static final Pattern REPEATS = Pattern.compile("pgfdw_report.*|dblink.*");

    /** Functions that say what they like without RAISE. */
    private static final Pattern OTHER_LANGUAGE = Pattern.compile("PL/(?!pgSQL)\\w");

    /** Statements of PL/pgSQL that are, or may be, of a text put together; in every lc_messages these words stay. */
    private static final Pattern EXECUTES = Pattern.compile("PL/pgSQL.*\\b(?:EXECUTE|RETURN QUERY|OPEN|FETCH|MOVE)\\b");

    /** A constant text, of which {@code Failure} of the refresher must know. */
    private static final Pattern RESTRICTED =
            Pattern.compile("cannot set parameter \"[^\"]+\" within security-restricted operation");

    private ErrorText() {}

    /** In which text the server said that the error is. */
    enum Place {
        STATEMENT,
        /** A text that is executed within the statement. */
        WITHIN,
        UNKNOWN
    }

    /**
     * An error as the server told it.
     *
     * @param routine of the server's source that reported it; null where it did not say
     * @param context in which functions and statements it happened, innermost first; null where in none
     */
    record Told(
            String sqlState,
            String message,
            @Nullable String routine,
            Place place,
            @Nullable String context) {
        String errorClass() {
            return sqlState.substring(0, 2);
        }

        boolean isPlaced() {
            return place != Place.UNKNOWN;
        }

        boolean isRaised() {
            return RAISE.equals(routine) || errorClass().equals("P0");
        }

        /** Its text is somebody else's than this server's. */
        boolean isForeign() {
            return (routine != null && REPEATS.matcher(routine).matches())
                    || (context != null && OTHER_LANGUAGE.matcher(context).find());
        }

        /** What it names may be named in a text that was put together of values. */
        boolean isOfDynamicSql() {
            if (context != null && EXECUTES.matcher(context).find()) {
                return true;
            }
            // A core function, query_to_xml for one, executes a text: of a query of the view, nobody speaks of SQL
            // statements.
            return innermostFunction(context) == null && (place == Place.WITHIN || isOfStatementWithin());
        }

        private boolean isOfStatementWithin() {
            return place == Place.UNKNOWN
                    && GIVEN_NAMES.contains(errorClass())
                    && context != null
                    && ANY_MARK.matcher(context).find()
                    && !context.contains("pg_temp"); // A concurrent refresh's own.
        }

        /** Of a name that was given, in marks, to a core function. */
        boolean isOfGivenName() {
            return switch (sqlState) {
                case SYNTAX_ERROR -> true; // It quotes the text from where it stopped making sense.
                case UNDEFINED_FILE -> true;
                case UNDEFINED_DATABASE -> routine != null && !routine.equals(SESSION_BEGINS);
                default -> !isPlaced() && GIVEN_NAMES.contains(errorClass());
            };
        }

        /** The same without marks. */
        boolean isOfBareName() {
            return (routine != null && SEQUENCES.contains(routine))
                    || (!isPlaced() && sqlState.equals(UNDEFINED_FUNCTION));
        }
    }

    /** The message as it may be stored, logged and published. */
    static String withoutValues(Told told) {
        if (told.isRaised()) {
            return "raised by a function of the database; its text is withheld, for it may hold row data";
        }
        if (told.isForeign() || told.isOfBareName()) {
            return withheld(told);
        }
        String message = told.message();
        if (told.isOfDynamicSql()) {
            boolean names = !SELF_EVIDENT.contains(told.errorClass())
                    && !told.sqlState().equals(LOCK_NOT_AVAILABLE)
                    && !RESTRICTED.matcher(message).matches();
            return names ? withheld(told) : firstLine(withoutQuoted(message));
        }
        if (told.isOfGivenName()) {
            String masked = firstLine(withoutQuoted(message));
            return told.sqlState().equals(UNDEFINED_OBJECT) ? withoutDigits(masked) : masked;
        }
        return NAMES_ONLY.contains(told.errorClass())
                ? firstLine(message)
                : withoutDigits(firstLine(withoutQuoted(message)));
    }

    private static String withheld(Told told) {
        return Conditions.name(told.sqlState()) + "; its text is withheld, for it may hold row data";
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

    private static String withoutDigits(String message) {
        return DIGITS.matcher(message).replaceAll("?");
    }

    private static String withoutQuoted(String message) {
        return QUOTED.matcher(message).replaceAll("\"?\"");
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
