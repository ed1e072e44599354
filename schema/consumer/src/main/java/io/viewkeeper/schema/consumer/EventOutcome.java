// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.consumer;

import java.util.Locale;

/** What became of a record. */
public enum EventOutcome {
    /** It told something new. */
    APPLIED,
    /** It was read before, or tells of a run that is known already. */
    DUPLICATE,
    /** Something as new is known (it was replayed or came out of order), or it tells of another database. */
    STALE,
    /** It is no event. */
    DEAD_LETTER;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
