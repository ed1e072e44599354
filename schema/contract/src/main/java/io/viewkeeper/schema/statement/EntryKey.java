// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.statement;

/**
 * What one entry of pg_stat_statements is known by, in one database.
 *
 * @param topLevel false where a function or a procedure executed it
 */
public record EntryKey(long queryId, long userId, boolean topLevel) {}
