// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

/** When a refresh that blocks readers is allowed. */
public enum PlainRefresh {
    /** A view that cannot be refreshed concurrently is refused. */
    NEVER,
    /** Only to fill a view that was never populated, which nobody can read anyway. */
    UNPOPULATED,
    /** Wherever CONCURRENTLY is impossible. */
    WHEN_NEEDED,
    /** Always, even where CONCURRENTLY is possible: faster when most rows change. */
    ALWAYS
}
