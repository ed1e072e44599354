package io.viewkeeper.schema.event;

import java.util.Locale;

/** How a view was refreshed. */
public enum RefreshMethod {
    /** {@code REFRESH MATERIALIZED VIEW CONCURRENTLY}: readers are not blocked. */
    CONCURRENT,
    /** {@code REFRESH MATERIALIZED VIEW}: readers wait until it has ended. */
    PLAIN,
    /** Not at all: the refresh failed before a method was chosen. */
    SKIPPED;

    /** As payloads and tables spell it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is no such method */
    public static RefreshMethod of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }
}
