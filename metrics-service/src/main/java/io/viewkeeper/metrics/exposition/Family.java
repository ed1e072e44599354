// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.exposition;

import java.util.List;
import java.util.OptionalDouble;

/**
 * A metric as a scrape shows it. One whose labels begin with those of a view may be cut, see {@link SeriesSettings}; its
 * points come with the views that matter most first.
 *
 * @param name as printed; that of a counter ends in {@code _total}
 * @param points what has no value has no point
 * @param omitted series that the source itself has left out, for a limit of its own
 */
public record Family(String name, Kind kind, String help, List<String> labels, List<Point> points, int omitted) {
    /** Labels of whatever belongs to a view. */
    public static final List<String> VIEW_LABELS = List.of("database", "schema", "view");

    /** Of what type it is. */
    public enum Kind {
        GAUGE,
        COUNTER
    }

    /**
     * A series.
     *
     * @param labelValues in the order of the labels
     */
    public record Point(List<String> labelValues, double value) {
        public Point {
            labelValues = List.copyOf(labelValues);
        }
    }

    public Family {
        labels = List.copyOf(labels);
        points = List.copyOf(points);
    }

    /** A metric with at most one series. */
    public static Family single(
            String name, Kind kind, String help, List<String> labels, List<String> labelValues, OptionalDouble value) {
        var points = value.isPresent() ? List.of(new Point(labelValues, value.getAsDouble())) : List.<Point>of();
        return new Family(name, kind, help, labels, points, 0);
    }

    boolean isByView() {
        return labels.size() >= VIEW_LABELS.size()
                && labels.subList(0, VIEW_LABELS.size()).equals(VIEW_LABELS);
    }
}
