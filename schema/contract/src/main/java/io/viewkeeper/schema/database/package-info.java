// SPDX-License-Identifier: Apache-2.0
/**
 * The only gateway to PostgreSQL: awaits the reactive client on virtual threads, maps rows, types failures. Belongs
 * here: nothing that knows what a view or an event is. Does not: SQL of a feature.
 */
@NullMarked
package io.viewkeeper.schema.database;

import org.jspecify.annotations.NullMarked;
