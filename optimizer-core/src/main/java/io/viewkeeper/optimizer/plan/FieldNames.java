// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** Fields of EXPLAIN by what stands in them. */
final class FieldNames {
    /** Names of the catalog and words of the server, which may look like anything but are no values. */
    static final Set<String> NAMES = Set.of(
            "Node Type",
            "Parent Relationship",
            "Subplan Name",
            "Schema",
            "Relation Name",
            "Alias",
            "Index Name",
            "Scan Direction",
            "CTE Name",
            "Tuplestore Name",
            "Function Name",
            "Table Function Name",
            "Custom Plan Provider",
            "Join Type",
            "Strategy",
            "Partial Mode",
            "Command",
            "Operation",
            "Conflict Resolution",
            "Sampling Method",
            "Sort Method",
            "Sort Space Type",
            "Storage",
            "Cache Mode",
            "Trigger Name",
            "Constraint Name",
            "Relation",
            "Format");

    /** Expressions, and what is sent to other servers: they may hold values, and look like a number or a truth. */
    static final Set<String> EXPRESSIONS = Set.of(
            "Function Call",
            "Table Function Call",
            "Filter",
            "Index Cond",
            "Recheck Cond",
            "TID Cond",
            "Hash Cond",
            "Merge Cond",
            "Join Filter",
            "One-Time Filter",
            "Order By",
            "Run Condition",
            "Conflict Filter",
            "Cache Key",
            "Window",
            "Relations",
            "Remote SQL");

    private FieldNames() {}

    static Set<String> with(Set<String> names, String... more) {
        var all = new HashSet<>(names);
        all.addAll(Arrays.asList(more));
        return Set.copyOf(all);
    }
}
