// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Within which node's time each node's time is. For most it is the node above. A CTE's is within its CTE Scans, an InitPlan's
 * within the node that first needed its value: the plan names those that use it, and the first of them that has so much time
 * to spare had it evaluated.
 */
final class Charges {
    /** Times of many loops are rounded. */
    private static final double ROUNDED = 0.95;

    /**
     * Where subplans times what each would have to be looked for in, in characters, is more than this, they stay with the node
     * that they hang under: nobody writes such a statement, and somebody may send such a plan.
     */
    private static final long MOST_LOOKED_THROUGH = 20_000_000;

    /** What a node counts for beside its texts. */
    private static final int NODE = 50;

    /** A part of a node's time, or all of it. */
    record Charge(PlanNode node, double millis) {}

    private final PlanNode root;
    private final IdentityHashMap<PlanNode, Double> elapsed;
    private final IdentityHashMap<PlanNode, PlanNode> parents = new IdentityHashMap<>();
    private final IdentityHashMap<PlanNode, List<Charge>> within = new IdentityHashMap<>();
    private final IdentityHashMap<PlanNode, Double> charged = new IdentityHashMap<>();
    private final IdentityHashMap<PlanNode, Integer> payers = new IdentityHashMap<>();
    private final List<PlanNode> movable = new ArrayList<>();
    private boolean complete = true;

    private Charges(PlanNode root, IdentityHashMap<PlanNode, Double> elapsed) {
        this.root = root;
        this.elapsed = elapsed;
    }

    static Charges of(PlanNode root, IdentityHashMap<PlanNode, Double> elapsed) {
        var charges = new Charges(root, elapsed);
        charges.hang(root);
        if (charges.canBeLookedThrough()) {
            charges.movable.forEach(charges::move);
        } else {
            charges.movable.forEach(charges::stay);
            charges.complete = false;
        }
        return charges;
    }

    /** False where there are too many subplans to look for who needed each. */
    boolean complete() {
        return complete;
    }

    /** What a node took in all. */
    double elapsed(PlanNode node) {
        return elapsed.getOrDefault(node, 0.0);
    }

    /** What of other nodes' time is within this one's. */
    List<Charge> within(PlanNode node) {
        return within.getOrDefault(node, List.of());
    }

    /** Within how many nodes' time this node's is. */
    int payers(PlanNode node) {
        return payers.getOrDefault(node, 0);
    }

    private void hang(PlanNode node) {
        for (PlanNode child : node.children()) {
            parents.put(child, node);
            if ("InitPlan".equals(child.placement().parentRelationship())) {
                movable.add(child);
            } else {
                charge(child, elapsed(child), node);
            }
            hang(child);
        }
    }

    private void charge(PlanNode node, double millis, PlanNode payer) {
        within.computeIfAbsent(payer, none -> new ArrayList<>()).add(new Charge(node, millis));
        payers.merge(node, 1, Integer::sum);
        charged.merge(payer, millis, Double::sum);
    }

    private boolean canBeLookedThrough() {
        long each = 0;
        for (PlanNode node : elapsed.keySet()) {
            each += NODE + NodeTexts.of(node).mapToLong(String::length).sum();
        }
        return movable.size() <= MOST_LOOKED_THROUGH / Math.max(1, each);
    }

    private void stay(PlanNode subplan) {
        charge(subplan, elapsed(subplan), parents.getOrDefault(subplan, root));
    }

    private void move(PlanNode subplan) {
        PlanNode holder = parents.get(subplan);
        if (holder == null) {
            return;
        }
        String cte = SubplanNames.cte(subplan);
        if (cte == null) {
            charge(subplan, elapsed(subplan), payer(subplan, holder));
            return;
        }
        double left = divide(subplan, SubplanNames.scans(cte, subplan, holder));
        if (left > 0) {
            afterwards(subplan, left);
        }
    }

    /**
     * A CTE is computed as far as its readers read; the first reader mostly reads all.
     *
     * @return what no reader can have paid
     */
    private double divide(PlanNode subplan, List<PlanNode> scans) {
        double needed = elapsed(subplan);
        for (PlanNode scan : scans) {
            if (spare(scan) >= needed * ROUNDED) {
                charge(subplan, needed, scan);
                return 0;
            }
        }
        double spare =
                scans.stream().mapToDouble(this::spare).filter(each -> each > 0).sum();
        boolean runsToItsEnd = subplan.type() == NodeType.MODIFY_TABLE;
        double read = scans.isEmpty() ? 0 : runsToItsEnd ? Math.min(needed, spare) : needed;
        for (PlanNode scan : scans) {
            if (spare > 0 && spare(scan) > 0) {
                charge(subplan, read * spare(scan) / spare, scan);
            }
        }
        return spare > 0 ? needed - read : needed;
    }

    /** A CTE that writes runs to its end when everything else is done: no node's time holds that. */
    private void afterwards(PlanNode subplan, double millis) {
        charge(subplan, millis, root);
        elapsed.merge(root, millis, Double::sum);
    }

    private PlanNode payer(PlanNode subplan, PlanNode holder) {
        PlanNode best = holder;
        double most = Double.NEGATIVE_INFINITY;
        for (PlanNode candidate : candidates(subplan, holder)) {
            double spare = spare(candidate);
            if (spare >= elapsed(subplan) * ROUNDED) {
                return candidate;
            }
            if (spare > most) {
                best = candidate;
                most = spare;
            }
        }
        return best;
    }

    /** Users first; without VERBOSE not all of them are to be seen, so then whatever could be one. */
    private Set<PlanNode> candidates(PlanNode subplan, PlanNode holder) {
        Set<PlanNode> candidates = new LinkedHashSet<>();
        SubplanNames.users(subplan, holder).forEach(user -> candidates.add(inLeader(user, holder)));
        SubplanNames.around(subplan, holder).forEach(node -> candidates.add(inLeader(node, holder)));
        return candidates;
    }

    /** Values that workers need are computed before they start, in the Gather's time. */
    private PlanNode inLeader(PlanNode user, PlanNode holder) {
        PlanNode payer = user;
        PlanNode at = user;
        while (!at.path().equals(holder.path())) {
            PlanNode parent = parents.get(at);
            if (parent == null) {
                return payer;
            }
            if (ElapsedTimes.runsInWorkers(parent, at)) {
                payer = parent;
            }
            at = parent;
        }
        return payer;
    }

    private double spare(PlanNode node) {
        return elapsed(node) - charged.getOrDefault(node, 0.0);
    }
}
