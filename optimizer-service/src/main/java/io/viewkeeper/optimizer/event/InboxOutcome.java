package io.viewkeeper.optimizer.event;

import java.util.Locale;

/** What became of a record. */
enum InboxOutcome {
    /** It is in the inbox now. */
    APPLIED,
    /** It was processed before. */
    DUPLICATE,
    /** Another event told of the same refresh, or it tells of another database. */
    STALE,
    /** It is no event. */
    DEAD_LETTER;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
