package io.viewkeeper.schema.database;

import java.util.regex.Pattern;

/**
 * Error messages without row data. PostgreSQL's primary messages quote identifiers in most classes, values in a few:
 * {@code invalid input syntax for type integer: "…"} is one. What functions raise may say anything.
 */
final class ErrorText {
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'");
    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private ErrorText() {}

    /** The message as it may be stored, logged and published. */
    static String withoutValues(String sqlState, String message) {
        String firstLine = message.lines().findFirst().orElse("");
        return switch (sqlState.substring(0, 2)) {
            // Data exceptions, external routines, foreign data, internal errors: a quoted word or a number may be a
            // value.
            case "22", "38", "39", "F0", "HV", "XX" ->
                DIGITS.matcher(QUOTED.matcher(firstLine).replaceAll("\"?\"")).replaceAll("?");
            case "P0" -> "raised by a function of the database; its text is withheld, for it may hold row data";
            default -> firstLine;
        };
    }
}
