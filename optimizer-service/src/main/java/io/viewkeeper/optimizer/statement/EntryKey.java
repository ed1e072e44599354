package io.viewkeeper.optimizer.statement;

/** What one entry of pg_stat_statements is known by, in one database. */
record EntryKey(long queryId, long userId, boolean topLevel) {}
