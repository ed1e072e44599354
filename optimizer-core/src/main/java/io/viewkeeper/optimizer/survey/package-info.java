// SPDX-License-Identifier: Apache-2.0
/**
 * What a database has executed, from pg_stat_statements and the catalog: which statements are there, what each has counted, for
 * which roles. No plans, no history, nothing is written.
 */
@NullMarked
package io.viewkeeper.optimizer.survey;

import org.jspecify.annotations.NullMarked;
