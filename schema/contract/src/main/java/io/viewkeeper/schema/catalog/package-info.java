// SPDX-License-Identifier: Apache-2.0
/** What several services ask of PostgreSQL's catalog in the same words. Not what one feature alone asks. */
@NullMarked
package io.viewkeeper.schema.catalog;

import org.jspecify.annotations.NullMarked;
