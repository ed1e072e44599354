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
