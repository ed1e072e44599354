// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An index that a scan lacks, by rule of thumb: columns compared with =, then the order that is wanted, or one range. */
final class IndexSketch {
    private IndexSketch() {}

    /** For the conditions of a scan; null where none of them compares a plain column. */
    static @Nullable String forConditions(PlanNode scan) {
        return ddl(scan, List.of());
    }

    /** For the conditions of a scan and the order of its rows. */
    static @Nullable String forOrder(PlanNode scan, List<SortColumn> order) {
        return ddl(scan, order);
    }

    /** Columns of the scan that its conditions compare, those with = first. */
    static List<String> comparedColumns(PlanNode scan) {
        return comparisons(scan).stream().map(Comparison::column).toList();
    }

    /** {@code create index concurrently on "public"."orders" ("a", "b" desc)}. */
    static String on(PlanNode scan, String columns) {
        return "create index concurrently on " + Wording.quotedRelation(scan) + " (" + columns + ")";
    }

    private static @Nullable String ddl(PlanNode scan, List<SortColumn> order) {
        if (scan.target().relation() == null) {
            return null;
        }
        var columns = columns(scan, order);
        return columns.isEmpty()
                ? null
                : on(
                        scan,
                        columns.entrySet().stream()
                                .map(column -> Wording.quoted(column.getKey()) + column.getValue())
                                .collect(Collectors.joining(", ")));
    }

    private static Map<String, String> columns(PlanNode scan, List<SortColumn> order) {
        var columns = new LinkedHashMap<String, String>();
        // Behind several values of a column the order of the next is lost.
        (order.isEmpty() ? equalColumns(scan) : heldColumns(scan)).forEach(column -> columns.put(column, ""));
        order.forEach(one -> columns.putIfAbsent(one.reference().column(), one.order()));
        if (order.isEmpty()) {
            ranges(scan).forEach(column -> columns.putIfAbsent(column, ""));
        }
        return columns;
    }

    private static List<String> equalColumns(PlanNode scan) {
        return comparisons(scan).stream()
                .filter(Comparison::equality)
                .map(Comparison::column)
                .toList();
    }

    /** Columns that are compared with one value each, and not with each of an array. */
    static List<String> heldColumns(PlanNode scan) {
        var ofArrays = Stream.of(
                        scan.conditions().indexCond(),
                        scan.conditions().recheckCond(),
                        scan.conditions().filter())
                .flatMap(condition -> Clause.of(condition, scan.target().alias()).stream())
                .filter(Clause::ofArray)
                .map(Clause::column)
                .collect(Collectors.toSet());
        return equalColumns(scan).stream()
                .filter(column -> !ofArrays.contains(column))
                .toList();
    }

    /** One narrows what is read of an index. What the filter compares comes before what an index has found, and both are in it. */
    private static List<String> ranges(PlanNode scan) {
        var filter = ranges(scan, scan.conditions().filter());
        var found = new ArrayList<>(ranges(scan, scan.conditions().indexCond()));
        found.addAll(ranges(scan, scan.conditions().recheckCond()));
        return Stream.concat(filter.stream().limit(1), found.stream().limit(1)).toList();
    }

    private static List<String> ranges(PlanNode scan, @Nullable String condition) {
        return Comparison.in(condition, scan.target().alias()).stream()
                .filter(one -> !one.equality())
                .map(Comparison::column)
                .toList();
    }

    static List<Comparison> comparisons(PlanNode scan) {
        var alias = scan.target().alias();
        var found = new ArrayList<Comparison>();
        found.addAll(Comparison.in(scan.conditions().indexCond(), alias));
        found.addAll(Comparison.in(scan.conditions().recheckCond(), alias));
        found.addAll(Comparison.in(scan.conditions().filter(), alias));
        var distinct = new LinkedHashMap<String, Comparison>();
        found.stream().filter(Comparison::equality).forEach(one -> distinct.putIfAbsent(one.column(), one));
        found.forEach(one -> distinct.putIfAbsent(one.column(), one));
        return List.copyOf(distinct.values());
    }
}
