// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import org.jspecify.annotations.Nullable;

/**
 * How a node hangs in its plan.
 *
 * @param parentRelationship Outer, Inner, Member, InitPlan, SubPlan, Subquery; null for the root
 * @param subplanName "CTE x", "InitPlan 1 (returns $0)", "SubPlan 2"
 * @param disabled only chosen because nothing else was possible (18)
 */
public record Placement(
        @Nullable String parentRelationship,
        @Nullable String subplanName,
        boolean parallelAware,
        boolean asyncCapable,
        boolean disabled) {}
