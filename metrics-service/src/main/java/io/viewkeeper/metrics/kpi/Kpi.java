// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

/** The indicators. Their names are label values, parts of settings and keys in answers: they do not change. */
public enum Kpi {
    AVERAGE_QUERY_TIME("average-query-time", Unit.MILLISECONDS, Worse.HIGHER),
    CACHE_HIT_RATIO("cache-hit-ratio", Unit.RATIO, Worse.LOWER),
    INDEX_USAGE("index-usage", Unit.PERCENT, Worse.LOWER),
    VIEW_FRESHNESS("view-freshness", Unit.MINUTES, Worse.HIGHER);

    /** Which values are the worse ones. */
    public enum Worse {
        HIGHER,
        LOWER
    }

    /** Of value, target and alert threshold. */
    public enum Unit {
        MILLISECONDS("ms", Double.MAX_VALUE),
        RATIO("ratio", 1),
        PERCENT("percent", 100),
        MINUTES("minutes", Double.MAX_VALUE);

        private final String label;
        private final double largest;

        Unit(String label, double largest) {
            this.label = label;
            this.largest = largest;
        }

        public String label() {
            return label;
        }

        /** No value is above it. */
        double largest() {
            return largest;
        }
    }

    private final String label;
    private final Unit unit;
    private final Worse worse;

    Kpi(String label, Unit unit, Worse worse) {
        this.label = label;
        this.unit = unit;
        this.worse = worse;
    }

    public String label() {
        return label;
    }

    public Unit unit() {
        return unit;
    }

    public Worse worse() {
        return worse;
    }
}
