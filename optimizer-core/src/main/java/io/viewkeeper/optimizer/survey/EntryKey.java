package io.viewkeeper.optimizer.survey;

/** What one entry of pg_stat_statements is known by, in one database. */
public record EntryKey(long queryId, long userId, boolean topLevel) {}
