// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A partitioned table all of whose partitions are read, although most have nothing that the statement asks for. Before:
 *
 * <pre>
 * Append (actual rows=3000 loops=1)
 *   -&gt; Seq Scan on readings_2026_01 readings_1 (actual rows=0 loops=1)
 *        Filter: (date_trunc(?, at) = ?)
 *   (and eleven more)
 * </pre>
 *
 * After, with a condition on the bare partition key:
 *
 * <pre>
 * Seq Scan on readings_2026_05 readings (actual rows=3000 loops=1)
 *   Filter: (at &gt;= ? AND at &lt; ?)
 * </pre>
 */
final class NoPruning implements Rule {
    static final int LEAST_PARTITIONS = 8;
    static final double LEAST_EMPTY_SHARE = 0.75;

    @Override
    public String id() {
        return "no-pruning";
    }

    @Override
    public List<Finding> check(Context context) {
        if (context.estimated()) {
            return List.of();
        }
        return context.plan().nodes().stream()
                .filter(node -> node.type() == NodeType.APPEND || node.type() == NodeType.MERGE_APPEND)
                .flatMap(node -> Parts.of(node).stream())
                .filter(Parts::mostlyEmpty)
                .map(partitions -> finding(context, partitions))
                .toList();
    }

    /** Those that were read, and the ones of them that had no row. */
    private record Parts(PlanNode append, String table, List<PlanNode> read, List<PlanNode> empty) {

        static Optional<Parts> of(PlanNode append) {
            var read = append.children().stream().filter(PlanNode::executed).toList();
            var tables = read.stream().map(Parts::table).distinct().toList();
            @Nullable String table = tables.size() == 1 ? tables.getFirst() : null;
            if (table == null || table.isEmpty()) {
                return Optional.empty();
            }
            var empty = read.stream()
                    .filter(part -> part.actualRows() <= 0 && condition(part).isPresent())
                    .toList();
            return Optional.of(new Parts(append, table, read, empty));
        }

        private static String table(PlanNode part) {
            return part.selfAndDescendants()
                    .map(node -> node.target().alias())
                    .filter(Objects::nonNull)
                    .map(alias -> Objects.requireNonNullElse(Partitions.table(alias), ""))
                    .findFirst()
                    .orElse("");
        }

        static Optional<String> condition(PlanNode part) {
            return part.selfAndDescendants()
                    .flatMap(node -> Stream.of(
                            node.conditions().filter(),
                            node.conditions().indexCond(),
                            node.conditions().recheckCond()))
                    .filter(Objects::nonNull)
                    .findFirst();
        }

        boolean mostlyEmpty() {
            return read.size() >= LEAST_PARTITIONS && empty.size() >= LEAST_EMPTY_SHARE * read.size();
        }
    }

    private Finding finding(Context context, Parts partitions) {
        double millis =
                partitions.empty().stream().mapToDouble(context::inclusive).sum();
        var append = partitions.append();
        var impact = Impact.of(context, Math.min(millis, context.inclusive(append)));
        String condition = Parts.condition(partitions.empty().getFirst()).orElse(null);
        return new Finding(
                id(),
                impact.severity(),
                append.path(),
                "%d partitions of %s were read, and %d of them had no row that the statement asks for."
                        .formatted(
                                partitions.read().size(),
                                partitions.table(),
                                partitions.empty().size()),
                "Add a condition on the partition key of %s, on the bare column (no function or cast around it) and with a value of its own type; if statements always ask by another column, partition by that one."
                        .formatted(partitions.table()),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("table", partitions.table())
                        .count("partitionsRead", partitions.read().size())
                        .count("partitionsEmpty", partitions.empty().size())
                        .name("firstEmpty", Inputs.of(partitions.empty().getFirst()))
                        .expression("condition", condition)
                        .map());
    }
}
