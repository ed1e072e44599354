// SPDX-License-Identifier: Apache-2.0
/** Applies the changelogs of {@code db/} and exits. Belongs here: nothing but that; the tables themselves are SQL. */
@NullMarked
package io.viewkeeper.schema.migration;

import org.jspecify.annotations.NullMarked;
