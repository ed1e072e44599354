// SPDX-License-Identifier: Apache-2.0
/** Deletes what is older than anybody needs. Belongs here: how. Does not: which tables, which are their owner's. */
@NullMarked
package io.viewkeeper.schema.retention;

import org.jspecify.annotations.NullMarked;
