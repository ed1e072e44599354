// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What holds for many partitions of a table is said once, with what it takes of all of them. */
final class Partitions {
    /** How the planner calls partitions where the statement says {@code readings}: readings_1, readings_2 … */
    private static final Pattern NUMBERED = Pattern.compile("(.+)_\\d+");

    private Partitions() {}

    /** The table as the statement calls it, by a partition's alias; null where it is none. */
    static @Nullable String table(@Nullable String alias) {
        if (alias == null) {
            return null;
        }
        Matcher numbered = NUMBERED.matcher(alias);
        return numbered.matches() ? numbered.group(1) : null;
    }

    /** @param append whose children the partitions are */
    private record Parent(PlanNode append, String table) {}

    /** Findings of one rule, those of a table's partitions as one, in the place of the first. */
    static List<Finding> together(Context context, List<Finding> findings) {
        if (findings.size() < 2) {
            return findings;
        }
        var nodes = new HashMap<String, PlanNode>();
        context.plan().nodes().forEach(node -> nodes.put(node.path(), node));
        var groups = new LinkedHashMap<Object, List<Finding>>();
        for (Finding finding : findings) {
            Parent parent = parent(nodes, finding.nodePath());
            Object key = parent == null ? finding : new Key(parent.append().path(), parent.table());
            groups.computeIfAbsent(key, none -> new ArrayList<>()).add(finding);
        }
        return groups.entrySet().stream()
                .map(group -> group.getValue().size() == 1
                        ? group.getValue().getFirst()
                        : one(context, (Key) group.getKey(), group.getValue()))
                .toList();
    }

    private record Key(String append, String table) {}

    private static @Nullable Parent parent(Map<String, PlanNode> nodes, @Nullable String path) {
        PlanNode node = path == null ? null : nodes.get(path);
        String table = node == null ? null : table(node.target().alias());
        String above = path;
        while (table != null && above != null && above.lastIndexOf('.') > 0) {
            above = above.substring(0, above.lastIndexOf('.'));
            PlanNode parent = nodes.get(above);
            if (parent != null && (parent.type() == NodeType.APPEND || parent.type() == NodeType.MERGE_APPEND)) {
                return new Parent(parent, table);
            }
        }
        return null;
    }

    private static Finding one(Context context, Key key, List<Finding> findings) {
        var first = findings.stream()
                .max(Comparator.comparingDouble(Partitions::amount))
                .orElseThrow();
        double all = findings.stream().mapToDouble(Partitions::amount).sum();
        boolean told = first.impactMillis() != null || Evidence.costShare(first) != null;
        var impact = told ? Impact.of(context, Math.min(all, context.total())) : Impact.unknown();
        var evidence = new LinkedHashMap<String, Object>(first.evidence());
        evidence.put("partitions", findings.size());
        evidence.put("partitionedTable", key.table());
        evidence.putAll(Evidence.of(context, impact).map());
        return new Finding(
                first.rule(),
                impact.severity(),
                key.append(),
                "%s The same holds for %s of %s."
                        .formatted(
                                first.what(),
                                findings.size() == 2
                                        ? "another partition"
                                        : Wording.count(findings.size() - 1L) + " more partitions",
                                key.table()),
                first.advice() + others(first, findings),
                impact.millis(),
                evidence);
    }

    /** Of an index on a partitioned table CONCURRENTLY is refused. */
    private static String others(Finding first, List<Finding> findings) {
        var indexes = findings.stream()
                .map(finding -> finding.evidence().get("suggestedIndex"))
                .filter(index -> index != null && !index.equals(first.evidence().get("suggestedIndex")))
                .map(String::valueOf)
                .distinct()
                .toList();
        return first.evidence().containsKey("suggestedIndex") && !indexes.isEmpty()
                ? " Each partition needs one: %s. Or one on the partitioned table, without concurrently, which brings it to all and stops writes meanwhile."
                        .formatted(Wording.statements(indexes))
                : "";
    }

    private static double amount(Finding finding) {
        Double millis = finding.impactMillis();
        return millis == null ? Evidence.cost(finding) : millis;
    }
}
