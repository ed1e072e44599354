package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
        comparisons(scan).stream().filter(Comparison::equality).forEach(one -> columns.put(one.column(), ""));
        order.forEach(one -> columns.putIfAbsent(one.reference().column(), one.order()));
        if (order.isEmpty()) {
            comparisons(scan).stream()
                    .filter(one -> !one.equality())
                    .findFirst()
                    .ifPresent(one -> columns.putIfAbsent(one.column(), ""));
        }
        return columns;
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
