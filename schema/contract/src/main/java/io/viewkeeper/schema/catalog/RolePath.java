// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.catalog;

import java.util.List;

/**
 * The search_path that a role's sessions begin with: what a statement's names without schemas mean, unless its session has set
 * another one.
 *
 * @param schemas in their order, those that exist
 * @param usual whether it is the one that roles without settings of their own have
 */
public record RolePath(String role, List<String> schemas, boolean usual) {
    public RolePath {
        schemas = List.copyOf(schemas);
    }
}
