// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.exposition;

import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import io.viewkeeper.schema.service.scrape.ScrapeFormat;
import java.util.Optional;

/**
 * Families in one of Prometheus' formats. Written here because the client library writes character by character into a
 * synchronized buffer: with five thousand series that was nine tenths of a scrape.
 */
final class TextFormat {
    private static final String TOTAL = "_total";

    private final ScrapeFormat format;
    private final Optional<String> cluster;
    private final StringBuilder text;

    /** @param cluster a label of every series */
    TextFormat(ScrapeFormat format, Optional<String> cluster, int expectedLength) {
        this.format = format;
        this.cluster = cluster;
        text = new StringBuilder(expectedLength);
    }

    void write(Family family) {
        if (family.points().isEmpty()) {
            return;
        }
        String name = nameOf(family);
        text.append("# HELP ").append(name).append(' ');
        escaped(family.help(), format == ScrapeFormat.OPEN_METRICS);
        text.append("\n# TYPE ").append(name).append(family.kind() == Kind.COUNTER ? " counter\n" : " gauge\n");
        for (var point : family.points()) {
            write(family, point);
        }
    }

    /** OpenMetrics names the family without what each of its counters ends in. */
    private String nameOf(Family family) {
        return format == ScrapeFormat.OPEN_METRICS
                        && family.kind() == Kind.COUNTER
                        && family.name().endsWith(TOTAL)
                ? family.name().substring(0, family.name().length() - TOTAL.length())
                : family.name();
    }

    private void write(Family family, Point point) {
        text.append(family.name());
        char separator = '{';
        if (cluster.isPresent()) {
            label(separator, "cluster", cluster.get());
            separator = ',';
        }
        for (int i = 0; i < family.labels().size(); i++) {
            label(separator, family.labels().get(i), point.labelValues().get(i));
            separator = ',';
        }
        if (separator == ',') {
            text.append('}');
        }
        text.append(' ').append(number(point.value())).append('\n');
    }

    private void label(char separator, String name, String value) {
        text.append(separator).append(name).append("=\"");
        escaped(value, true);
        text.append('"');
    }

    private void escaped(String value, boolean quotes) {
        if (value.indexOf('\\') < 0 && value.indexOf('\n') < 0 && !(quotes && value.indexOf('"') >= 0)) {
            text.append(value);
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '"' -> text.append(quotes ? "\\\"" : "\"");
                default -> text.append(c);
            }
        }
    }

    private static String number(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return "+Inf";
        }
        return value == Double.NEGATIVE_INFINITY ? "-Inf" : Double.toString(value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
