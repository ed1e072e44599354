// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.exposition;

import io.viewkeeper.metrics.exposition.Family.Point;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The views that have series where not all can: the first ones, each with all that it has. A view that had some metrics and lacked
 * others would be judged by rules that miss what they compare with.
 *
 * @param all of them are shown
 */
record ShownViews(boolean all, Set<List<String>> views) {

    static ShownViews of(List<Family> families, int limit) {
        long series = families.stream()
                .filter(Family::isByView)
                .mapToLong(family -> family.points().size())
                .sum();
        return series <= limit ? new ShownViews(true, Set.of()) : firstOf(families, limit);
    }

    private static ShownViews firstOf(List<Family> families, int limit) {
        var shown = new HashSet<List<String>>();
        long left = limit;
        for (var view : seriesByView(families).entrySet()) {
            left -= view.getValue();
            if (left < 0) {
                break;
            }
            shown.add(view.getKey());
        }
        return new ShownViews(false, shown);
    }

    /** In the order of the family that has most of them, for each family has its own in that order. */
    private static Map<List<String>, Integer> seriesByView(List<Family> families) {
        var series = new LinkedHashMap<List<String>, Integer>();
        families.stream()
                .filter(Family::isByView)
                .sorted(Comparator.comparingLong(ShownViews::countOfViews).reversed())
                .forEach(family -> family.points().forEach(point -> series.merge(view(point), 1, Integer::sum)));
        return series;
    }

    private static long countOfViews(Family family) {
        return family.points().stream().map(ShownViews::view).distinct().count();
    }

    private static List<String> view(Point point) {
        return point.labelValues().subList(0, Family.VIEW_LABELS.size());
    }

    Family of(Family family) {
        if (all) {
            return family;
        }
        var points = family.points().stream()
                .filter(point -> views.contains(view(point)))
                .toList();
        return new Family(family.name(), family.kind(), family.help(), family.labels(), points, family.omitted());
    }
}
