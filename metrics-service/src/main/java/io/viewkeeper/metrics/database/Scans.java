package io.viewkeeper.metrics.database;

import io.viewkeeper.metrics.database.TableSource.Relation;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Scans of all tables, and of those with more than 10,000 rows. */
record Scans(long sequential, long byIndex, long largeSequential, long largeByIndex) {
    static final Scans NONE = new Scans(0, 0, 0, 0);

    /** @param risen scans since the last sample, by OID */
    static Scans of(List<Relation> relations, Map<Long, Long> risen) {
        var sum = NONE;
        for (var relation : relations) {
            long scans = risen.getOrDefault(relation.oid(), 0L);
            if (scans > 0) {
                sum = sum.plus(of(relation, scans));
            }
        }
        return sum;
    }

    private static Scans of(Relation relation, long scans) {
        long ofLarge = relation.large() ? scans : 0;
        return relation.isIndex() ? new Scans(0, scans, 0, ofLarge) : new Scans(scans, 0, ofLarge, 0);
    }

    Scans plus(Scans other) {
        return new Scans(
                sequential + other.sequential,
                byIndex + other.byIndex,
                largeSequential + other.largeSequential,
                largeByIndex + other.largeByIndex);
    }

    /** 0 to 100, of the large tables; empty when none was scanned. */
    OptionalDouble indexUsagePercent() {
        long all = largeSequential + largeByIndex;
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * largeByIndex / all);
    }

    /** 0 to 1, of all tables; empty when none was scanned. */
    OptionalDouble indexRatio() {
        long all = sequential + byIndex;
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) byIndex / all);
    }

    /** What is missing of {@link #indexRatio} to exactly 1. */
    OptionalDouble tableRatio() {
        var ratio = indexRatio();
        return ratio.isEmpty() ? ratio : OptionalDouble.of(1 - ratio.getAsDouble());
    }
}
