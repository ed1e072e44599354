// SPDX-License-Identifier: Apache-2.0
/**
 * The claims workload as data: a seeded generator of claims and the bulk load that puts them into the tables, the
 * trickle that keeps them changing, and the four reports asked of base tables and of views.
 *
 * <p>Does not belong here: tables and views (they are changelogs of the migration), reading X12 files (package
 * {@code x12}), starting servers, printing.
 */
@NullMarked
package io.viewkeeper.sandbox.claims;

import org.jspecify.annotations.NullMarked;
