// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

/** How much a transaction sees of others that commit while it runs. */
public enum Isolation {
    /** Each statement sees what is committed when it begins. */
    READ_COMMITTED("read committed"),
    /** All statements see what was committed when the first one began. */
    REPEATABLE_READ("repeatable read");

    private final String sql;

    Isolation(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }
}
