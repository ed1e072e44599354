// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.viewkeeper.metrics.database.TableSource.Own;
import io.viewkeeper.metrics.database.TableSource.Relation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Scans that others than Viewkeeper made.
 *
 * @param alone of tables and indexes that no refresh of ours has ever scanned
 * @param shared of the others, by OID: how many of their scans may be ours is known once all of a window are together
 */
record Scans(Sums alone, Map<Long, Shared> shared) {
    static final Scans NONE = new Scans(Sums.NONE, Map.of());

    /** By how much a share may be wrong, 0 to 1, that is shown. */
    private static final double CLOSE_ENOUGH = 0.02;

    /**
     * How many they were.
     *
     * @param most of all that were counted, without those that are known to be ours; negative for a moment where ours were told
     *     before the server had counted them
     * @param unsure how many of these may be ours all the same
     */
    record Span(long most, long unsure) {
        static final Span NONE = new Span(0, 0);

        Span plus(Span other) {
            return new Span(most + other.most, unsure + other.unsure);
        }

        long atMost() {
            return Math.max(0, most);
        }

        long atLeast() {
            return Math.max(0, most - unsure);
        }
    }

    /** By how tables were scanned. */
    record Kinds(Span sequential, Span byIndex) {
        static final Kinds NONE = new Kinds(Span.NONE, Span.NONE);

        Kinds plus(Kinds other) {
            return new Kinds(sequential.plus(other.sequential), byIndex.plus(other.byIndex));
        }

        /** How many scans are certainly others'. */
        long atLeast() {
            return sequential.atLeast() + byIndex.atLeast();
        }

        /** 0 to 1; empty when there was none, and when too many may be ours to say. */
        OptionalDouble indexShare() {
            if (sequential.atMost() + byIndex.atMost() == 0) {
                return OptionalDouble.empty();
            }
            double least = share(byIndex.atLeast(), sequential.atMost()).orElse(0);
            double most = share(byIndex.atMost(), sequential.atLeast()).orElse(1);
            return most - least > 2 * CLOSE_ENOUGH ? OptionalDouble.empty() : OptionalDouble.of((least + most) / 2);
        }

        private static OptionalDouble share(long some, long others) {
            return some + others == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) some / (some + others));
        }
    }

    /** Of all tables, and of those with more than 10,000 rows. */
    record Sums(Kinds all, Kinds large) {
        static final Sums NONE = new Sums(Kinds.NONE, Kinds.NONE);

        Sums plus(Sums other) {
            return new Sums(all.plus(other.all), large.plus(other.large));
        }
    }

    /** A table, or an index, that refreshes of ours scan, too. */
    record Shared(boolean isIndex, boolean large, Span span) {
        private Shared plus(Shared other) {
            return new Shared(other.isIndex, other.large, span.plus(other.span));
        }

        /** What was not scanned at all is not unsure. */
        private Sums sums() {
            var possible = new Span(span.most(), Math.min(span.unsure(), span.atMost()));
            return Scans.sums(isIndex, large, possible);
        }
    }

    /**
     * @param risen scans since the last sample, by OID
     * @param own what our refreshes did of them, by OID
     */
    static Scans of(List<Relation> relations, Map<Long, Long> risen, Map<Long, Own> own) {
        var unknown = new Span(0, own.getOrDefault(Own.OF_UNKNOWN, Own.NONE).unsure());
        var alone = sums(false, true, unknown);
        var shared = new HashMap<Long, Shared>();
        for (var relation : relations) {
            long scans = risen.getOrDefault(relation.oid(), 0L);
            var ours = own.get(relation.oid());
            if (ours != null) {
                var span = new Span(scans - ours.scans(), ours.unsure());
                shared.put(relation.oid(), new Shared(relation.isIndex(), relation.large(), span));
            } else if (scans > 0) {
                alone = alone.plus(sums(relation.isIndex(), relation.large(), new Span(scans, 0)));
            }
        }
        return new Scans(alone, shared);
    }

    private static Sums sums(boolean isIndex, boolean large, Span span) {
        var kinds = isIndex ? new Kinds(Span.NONE, span) : new Kinds(span, Span.NONE);
        return new Sums(kinds, large ? kinds : Kinds.NONE);
    }

    Scans plus(Scans other) {
        var both = new HashMap<>(shared);
        other.shared.forEach((oid, scans) -> both.merge(oid, scans, Shared::plus));
        return new Scans(alone.plus(other.alone), both);
    }

    Sums sums() {
        return shared.values().stream().map(Shared::sums).reduce(alone, Sums::plus);
    }

    /** 0 to 100, of the large tables. */
    OptionalDouble indexUsagePercent() {
        var share = sums().large().indexShare();
        return share.isEmpty() ? share : OptionalDouble.of(100 * share.getAsDouble());
    }

    /** 0 to 1, of all tables. */
    OptionalDouble indexRatio() {
        return sums().all().indexShare();
    }

    /** What is missing of {@link #indexRatio} to exactly 1. */
    OptionalDouble tableRatio() {
        var ratio = indexRatio();
        return ratio.isEmpty() ? ratio : OptionalDouble.of(1 - ratio.getAsDouble());
    }
}
