package io.viewkeeper.metrics.usage;

import org.jspecify.annotations.Nullable;

/**
 * A relation as a statement names it, folded and without quotes.
 *
 * @param schema null where the statement leaves it to the search path
 */
record RelationReference(@Nullable String schema, String name) {}
