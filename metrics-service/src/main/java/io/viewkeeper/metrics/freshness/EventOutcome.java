package io.viewkeeper.metrics.freshness;

import java.util.Locale;

/** What became of a record. */
enum EventOutcome {
    /** It was newer than all that was known of its view. */
    APPLIED,
    /** It tells of the very run that is known already, from the topic or from the database. */
    DUPLICATE,
    /** Something newer is known: it was replayed or came out of order, or it tells of another database. */
    STALE,
    /** It is no event. */
    DEAD_LETTER;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
