// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import java.util.Locale;

/** What kind of thing went wrong, for those who act on it without reading messages. */
public enum ErrorCategory {
    LOCK_TIMEOUT,
    STATEMENT_TIMEOUT,
    DEADLOCK,
    UNIQUE_VIOLATION,
    NOT_CONCURRENT_CAPABLE,
    UNDEFINED_OBJECT,
    INSUFFICIENT_PRIVILEGE,
    DATA_ERROR,
    OUT_OF_RESOURCES,
    CONNECTION_LOST,
    ORPHANED,
    OTHER;

    /** As payloads and tables spell it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A category that a newer version added reads as {@link #OTHER}. */
    public static ErrorCategory of(String wireName) {
        for (ErrorCategory category : values()) {
            if (category.wireName().equals(wireName)) {
                return category;
            }
        }
        return OTHER;
    }
}
