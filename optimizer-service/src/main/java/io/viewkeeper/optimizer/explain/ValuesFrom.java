package io.viewkeeper.optimizer.explain;

/** Where the values of a plan's parameters come from. */
public enum ValuesFrom {
    /** There are none: no parameters, or a generic plan. */
    NONE,
    /** A session that was executing the statement (pg_stat_activity). */
    ACTIVITY,
    /** Common, middling and rare values of the columns (pg_stats); the plan is the worst of theirs. */
    STATISTICS,
    /** Whoever asked. */
    REQUEST
}
