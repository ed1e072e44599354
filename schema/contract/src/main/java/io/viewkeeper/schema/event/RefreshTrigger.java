package io.viewkeeper.schema.event;

import java.util.Locale;

/** Why a view was refreshed. */
public enum RefreshTrigger {
    SCHEDULE,
    MANUAL,
    DEPENDENCY,
    RETRY,
    REQUEST;

    /** As payloads and tables spell it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such trigger */
    public static RefreshTrigger of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
