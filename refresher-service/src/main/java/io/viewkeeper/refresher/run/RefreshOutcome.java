// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshFailed;

/** How one attempt ended. */
public sealed interface RefreshOutcome {
    /** Committed: new data, history and event. */
    record Completed(RefreshCompleted event) implements RefreshOutcome {}

    /** Rolled back; the failed run and its event are committed. */
    record Failed(RefreshFailed event) implements RefreshOutcome {}

    /** Nothing was tried. */
    record Skipped(Reason reason) implements RefreshOutcome {
        /** Why nothing was tried. */
        public enum Reason {
            /** Somebody else has settled the run: its process was taken for dead. */
            NO_LONGER_OURS,
            /** The connection broke while COMMIT was under way, and the commit had succeeded. */
            ALREADY_RECORDED
        }
    }

    /** Rolled back, and not even the failure could be written yet: its row in {@code refresh_run} tells of it. */
    record Unrecorded(RuntimeException cause) implements RefreshOutcome {}
}
