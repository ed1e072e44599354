package io.viewkeeper.metrics.exposition;

import io.viewkeeper.metrics.exposition.Family.Kind;
import io.viewkeeper.metrics.exposition.Family.Point;
import java.util.List;

/**
 * Families in Prometheus' text format 0.0.4. Written here because the client library writes character by character into a
 * synchronized buffer: with five thousand series that was nine tenths of a scrape.
 */
final class TextFormat {
    private final StringBuilder text;

    TextFormat(int expectedLength) {
        text = new StringBuilder(expectedLength);
    }

    void write(Family family) {
        if (family.points().isEmpty()) {
            return;
        }
        text.append("# HELP ").append(family.name()).append(' ');
        escaped(family.help(), false);
        text.append("\n# TYPE ")
                .append(family.name())
                .append(family.kind() == Kind.COUNTER ? " counter\n" : " gauge\n");
        for (var point : family.points()) {
            write(family, point);
        }
    }

    private void write(Family family, Point point) {
        text.append(family.name());
        List<String> labels = family.labels();
        if (!labels.isEmpty()) {
            char separator = '{';
            for (int i = 0; i < labels.size(); i++) {
                text.append(separator).append(labels.get(i)).append("=\"");
                escaped(point.labelValues().get(i), true);
                text.append('"');
                separator = ',';
            }
            text.append('}');
        }
        text.append(' ').append(number(point.value())).append('\n');
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
