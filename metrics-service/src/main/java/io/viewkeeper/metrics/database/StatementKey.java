package io.viewkeeper.metrics.database;

/** An entry of pg_stat_statements, of the current database and top level. */
record StatementKey(long userId, long queryId) {}
