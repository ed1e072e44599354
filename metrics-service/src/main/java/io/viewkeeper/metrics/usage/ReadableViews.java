// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.usage;

import io.viewkeeper.schema.catalog.SearchPaths;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.sql.RelationReference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the catalog tells which materialized views a statement reads.
 *
 * @param viewsBehind by relation (a materialized view, or a view over one): what reading it reads
 * @param schemasOfName by relation name: every schema that has such a relation, of whatever kind
 * @param searchPaths of all roles
 * @param feeds by view: the materialized views that are computed from it
 */
record ReadableViews(
        Map<ViewName, Set<ViewName>> viewsBehind,
        Map<String, Set<String>> schemasOfName,
        SearchPaths searchPaths,
        Map<ViewName, Set<ViewName>> feeds) {
    static final ReadableViews NONE =
            new ReadableViews(Map.of(), Map.of(), new SearchPaths(Map.of(), List.of()), Map.of());

    /** The materialized views that a statement of this role reads through these names. */
    Set<ViewName> readBy(long userId, Set<RelationReference> references) {
        var read = new LinkedHashSet<ViewName>();
        for (var reference : references) {
            String schema = reference.schema() == null ? schemaOf(userId, reference.name()) : reference.schema();
            if (schema != null) {
                read.addAll(viewsBehind.getOrDefault(new ViewName(schema, reference.name()), Set.of()));
            }
        }
        return read;
    }

    /** The first of the search path; where an application sets its own path we take the only schema that has the name. */
    private @Nullable String schemaOf(long userId, String name) {
        var having = schemasOfName.getOrDefault(name, Set.of());
        for (var schema : searchPaths.schemas(userId)) {
            if (having.contains(schema)) {
                return schema;
            }
        }
        return having.size() == 1 ? having.iterator().next() : null;
    }
}
