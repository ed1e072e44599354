// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which nodes use the result of an InitPlan or a CTE, by the names that EXPLAIN gives it. */
final class SubplanNames {
    private static final String CTE = "CTE ";
    /** Until 16 "InitPlan 1 (returns $0,$1)", and users say $0; since 17 "InitPlan 1", and users say (InitPlan 1).col1. */
    private static final Pattern RETURNED = Pattern.compile("\\$[0-9]+");

    private SubplanNames() {}

    /** The name of the CTE that a sub-tree computes; null if it is none. */
    static @Nullable String cte(PlanNode subplan) {
        String name = subplan.placement().subplanName();
        return name != null && name.startsWith(CTE) ? name.substring(CTE.length()) : null;
    }

    /** The nodes whose expressions use the value of an InitPlan. */
    static List<PlanNode> users(PlanNode subplan, PlanNode holder) {
        String name = subplan.placement().subplanName();
        if (name == null) {
            return List.of();
        }
        Pattern use = use(name);
        return around(subplan, holder).stream()
                .filter(node ->
                        NodeTexts.of(node).anyMatch(text -> use.matcher(text).find()))
                .toList();
    }

    private static Pattern use(String name) {
        List<String> uses = new ArrayList<>();
        Matcher returned = RETURNED.matcher(name);
        while (returned.find()) {
            uses.add(Pattern.quote(returned.group()) + "(?![0-9])");
        }
        if (uses.isEmpty()) {
            uses.add(Pattern.quote(name) + "(?![0-9])");
        }
        return Pattern.compile(String.join("|", uses));
    }

    /** The nodes below a holder, itself first, without the sub-tree itself. */
    static List<PlanNode> around(PlanNode subplan, PlanNode holder) {
        var nodes = new ArrayList<PlanNode>();
        collect(holder, subplan, nodes);
        return nodes;
    }

    private static void collect(PlanNode node, PlanNode without, List<PlanNode> nodes) {
        if (node.path().equals(without.path())) {
            return;
        }
        nodes.add(node);
        node.children().forEach(child -> collect(child, without, nodes));
    }

    /** The CTE Scans that read a CTE, not those of a CTE of the same name further down. */
    static List<PlanNode> scans(String cte, PlanNode subplan, PlanNode holder) {
        return holder.children().stream()
                .filter(child -> !child.path().equals(subplan.path()))
                .flatMap(child -> scansBelow(cte, child))
                .toList();
    }

    private static Stream<PlanNode> scansBelow(String cte, PlanNode node) {
        List<PlanNode> hiding =
                node.children().stream().filter(child -> cte.equals(cte(child))).toList();
        // What hides the name may read what it hides: with c as (select … from c).
        List<PlanNode> below = hiding.isEmpty() ? node.children() : hiding;
        Stream<PlanNode> self = hiding.isEmpty() && cte.equals(node.target().cte()) ? Stream.of(node) : Stream.empty();
        return Stream.concat(self, below.stream().flatMap(child -> scansBelow(cte, child)));
    }
}
