package io.viewkeeper.optimizer.finding;

import java.time.Duration;
import java.time.Instant;
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
 */
public record TableFacts(
        long sizeBytes,
        double rows,
        double allVisibleShare,
        long modifiedSinceAnalyze,
        @Nullable Instant analyzedAt,
        @Nullable Duration sinceAnalyze,
        boolean materializedView) {}
