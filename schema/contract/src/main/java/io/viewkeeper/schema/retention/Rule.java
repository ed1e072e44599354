// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.retention;

import java.time.Duration;

/**
 * For how long a table keeps its rows.
 *
 * @param statement deletes some; gets the moment before which rows are old, and how many to delete at most
 */
public record Rule(String table, String statement, Duration kept) {
    /**
     * All rows of a table by their age.
     *
     * @param table with its schema
     * @param key column, or columns with commas between
     * @param time column of the row's age
     */
    public static Rule of(String table, String key, String time, Duration kept) {
        return of(table, key, time, kept, "true");
    }

    /** @param condition SQL, of the row {@code t}: others stay however old */
    public static Rule of(String table, String key, String time, Duration kept, String condition) {
        String statement = """
            /* viewkeeper:retention */
            delete from %1$s
            where (%2$s) in (
              select %2$s
              from %1$s t
              where t.%3$s < $1
                and %4$s
              order by t.%3$s
              limit $2
            )
            """.formatted(table, key, time, condition.strip());
        return new Rule(table.substring(table.indexOf('.') + 1), statement, kept);
    }

    /**
     * A setting of it.
     *
     * @throws IllegalArgumentException if something would be deleted that is still needed; the message names the setting
     */
    public static Duration atLeast(String setting, Duration value, Duration least, String reason) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException("viewkeeper.retention." + setting + "=" + value + " is too short: "
                    + reason + "; set it to " + least + " or more");
        }
        return value;
    }
}
