// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.util.Locale;

/** Where the values of a plan's parameters come from, and of what kind they are. Never the values. */
public enum ValuesFrom {
    /** There are none: no parameters, or a generic plan. */
    NONE,
    /** A session that was executing the statement (pg_stat_activity). */
    ACTIVITY,
    /** Of the columns (pg_stats) the most common ones, of ranges the widest. */
    STATISTICS_MOST_COMMON,
    /** Of the columns those in the middle. */
    STATISTICS_MEDIAN,
    /** Of the columns the rarest ones, of ranges the narrowest. */
    STATISTICS_RAREST,
    /** Whoever asked. */
    REQUEST;

    /** In lower case with hyphens. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
