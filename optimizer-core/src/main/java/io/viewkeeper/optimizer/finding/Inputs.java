// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.stream.Stream;

/** What a part of a plan reads, in words. */
final class Inputs {
    private static final int MOST_NAMES = 3;

    private Inputs() {}

    /** "public.orders and public.items", at most three of them; the node's type where nothing has a name. */
    static String of(PlanNode part) {
        var names = part.selfAndDescendants()
                .flatMap(Inputs::named)
                .distinct()
                .limit(MOST_NAMES + 1L)
                .toList();
        if (names.isEmpty()) {
            return "a " + part.typeName();
        }
        if (names.size() > MOST_NAMES) {
            return String.join(", ", names.subList(0, MOST_NAMES)) + " and others";
        }
        return joined(names);
    }

    private static String joined(List<String> names) {
        if (names.size() == 1) {
            return names.getFirst();
        }
        return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
    }

    /** The relations alone, for ANALYZE. */
    static List<String> relations(PlanNode part) {
        return part.selfAndDescendants()
                .filter(node -> node.target().relation() != null)
                .map(Wording::quotedRelation)
                .distinct()
                .toList();
    }

    private static Stream<String> named(PlanNode node) {
        if (node.target().relation() != null) {
            return Stream.of(Wording.relation(node));
        }
        String function = node.target().function();
        if (function != null) {
            return Stream.of("the function " + function);
        }
        String cte = node.target().cte();
        return cte == null ? Stream.empty() : Stream.of("the CTE " + cte);
    }
}
