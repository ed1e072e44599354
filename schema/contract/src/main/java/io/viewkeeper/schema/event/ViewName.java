// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a materialized view as pg_catalog spells it: case-sensitive, without quotes.
 *
 * @param schema {@code pg_namespace.nspname}
 * @param name {@code pg_class.relname}
 */
public record ViewName(String schema, String name) implements Comparable<ViewName> {
    private static final String PART = "([^.\"]+|\"(?:[^\"]|\"\")++\")";
    /** Two quoted names of 63 quotes, which is as long as PostgreSQL's get; the pattern recurses on longer ones. */
    private static final int LONGEST = 2 * (2 * 63 + 2) + 1;

    private static final Pattern PARTS = Pattern.compile(PART + "\\." + PART, Pattern.DOTALL);

    public ViewName {
        if (schema.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("a view name needs a schema and a name");
        }
    }

    /** As an SQL identifier, whatever characters the name holds. The only way a name may enter a statement. */
    public String quoted() {
        return quote(schema) + "." + quote(name);
    }

    private static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public int compareTo(ViewName other) {
        int bySchema = schema.compareTo(other.schema);
        return bySchema != 0 ? bySchema : name.compareTo(other.name);
    }

    /**
     * {@code schema.name}: the key of its records, the {@code ce_subject} and its name in a URL. A part that holds a dot or
     * a double quote is quoted, so that two views never share a key. Never for SQL.
     */
    @Override
    public String toString() {
        return readable(schema) + "." + readable(name);
    }

    private static String readable(String identifier) {
        return identifier.indexOf('.') < 0 && identifier.indexOf('"') < 0 ? identifier : quote(identifier);
    }

    /** What {@link #toString} wrote; quotes around parts that need none are fine. Empty where it is no such name. */
    public static Optional<ViewName> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher parts = PARTS.matcher(text);
        return parts.matches()
                ? Optional.of(new ViewName(unquoted(parts.group(1)), unquoted(parts.group(2))))
                : Optional.empty();
    }

    private static String unquoted(String part) {
        return part.startsWith("\"") ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
    }
}
