// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.sql;

import org.jspecify.annotations.Nullable;

/**
 * A relation as a statement names it, folded and without quotes.
 *
 * @param schema null where the statement leaves it to the search path
 */
public record RelationReference(@Nullable String schema, String name) {}
