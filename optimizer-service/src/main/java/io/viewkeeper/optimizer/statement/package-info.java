// SPDX-License-Identifier: Apache-2.0
/** Which statements are slow, from pg_stat_statements, and what each did between two looks. No plans. */
@NullMarked
package io.viewkeeper.optimizer.statement;

import org.jspecify.annotations.NullMarked;
