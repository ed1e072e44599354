// SPDX-License-Identifier: Apache-2.0
/**
 * Statistics of PostgreSQL, sampled in the background. Belongs here: collectors over {@code pg_stat_*}, their windows, their
 * resets. Does not: what a number is good for.
 */
@NullMarked
package io.viewkeeper.metrics.database;

import org.jspecify.annotations.NullMarked;
