// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.util.List;

/**
 * The search_path that a role's sessions begin with.
 *
 * @param schemas in their order, those that exist
 */
public record AssumedPath(String role, List<String> schemas) {
    public AssumedPath {
        schemas = List.copyOf(schemas);
    }
}
