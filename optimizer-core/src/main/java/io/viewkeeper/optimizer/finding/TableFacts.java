// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog and the statistics say of one relation.
 *
 * @param sizeBytes of its main part, at the last VACUUM or ANALYZE
 * @param rows estimated; -1 where never counted
 * @param allVisibleShare of its pages, 0 to 1, which index-only scans need not visit
 * @param modifiedSinceAnalyze rows
 * @param analyzedAt by hand or by autovacuum; null if never
 * @param sinceAnalyze null if never
 * @param materializedView whether it is one
 * @param indexes those that serve as one that is made of plain columns would: valid B-trees over all rows
 */
public record TableFacts(
        long sizeBytes,
        double rows,
        double allVisibleShare,
        long modifiedSinceAnalyze,
        @Nullable Instant analyzedAt,
        @Nullable Duration sinceAnalyze,
        boolean materializedView,
        List<Index> indexes) {
    public TableFacts {
        indexes = List.copyOf(indexes);
    }

    /** @param columns as DDL has them, each in quotes: {@code "a", "b" desc} */
    public record Index(String name, String columns) {}
}
