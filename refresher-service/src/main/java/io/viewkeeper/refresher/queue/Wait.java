// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import io.viewkeeper.schema.event.ViewName;
import java.util.Locale;

/**
 * Why a view that is due is not started. What waits for a place has none: it would be started if there were one.
 *
 * @param detail a sentence without figures, which would change with each look
 */
record Wait(Reason reason, String detail) {
    enum Reason {
        /** A view that it reads goes first. */
        INPUT,
        /** Its consistent group cannot begin. */
        GROUP,
        /** The database has more to do than the settings allow for a view of its priority. */
        LOAD
    }

    static Wait forInput(ViewName input, boolean ofGroup, String why) {
        return new Wait(Reason.INPUT, input + ", which " + (ofGroup ? "its group" : "it") + " reads, " + why);
    }

    /** As the column {@code wait_reason} has it. */
    @Override
    public String toString() {
        return reason.name().toLowerCase(Locale.ROOT) + ": " + detail;
    }
}
