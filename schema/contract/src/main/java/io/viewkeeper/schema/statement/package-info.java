// SPDX-License-Identifier: Apache-2.0
/**
 * What PostgreSQL counts of statements, {@code pg_stat_statements}: what of it a session sees, the entries of this database, what
 * was counted between two samples, and what their times tell of single calls. No texts, no history, nothing is kept.
 */
@NullMarked
package io.viewkeeper.schema.statement;

import org.jspecify.annotations.NullMarked;
