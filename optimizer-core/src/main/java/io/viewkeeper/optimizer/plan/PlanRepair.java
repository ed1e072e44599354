// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.Locale;

/** What a text needed before it could be read as a plan. */
public enum PlanRepair {
    /** What a client, a log or a page has put around the plan was taken away. */
    FRAME,
    /** A plan that had lost its line ends got them back. */
    ONE_LINE,
    /** Lines that a terminal or a mail had broken were made whole. */
    BROKEN_LINES;

    /** In lower case with hyphens. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
