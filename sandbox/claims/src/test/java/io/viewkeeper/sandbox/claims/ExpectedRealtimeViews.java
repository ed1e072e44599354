// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import static io.viewkeeper.sandbox.claims.Aggregates.average;
import static io.viewkeeper.sandbox.claims.Aggregates.averageAmount;
import static io.viewkeeper.sandbox.claims.Aggregates.averageMs;
import static io.viewkeeper.sandbox.claims.Aggregates.billed;
import static io.viewkeeper.sandbox.claims.Aggregates.count;
import static io.viewkeeper.sandbox.claims.Aggregates.number;
import static io.viewkeeper.sandbox.claims.Aggregates.p95;
import static io.viewkeeper.sandbox.claims.Aggregates.p95Of;
import static io.viewkeeper.sandbox.claims.Aggregates.percent;
import static io.viewkeeper.sandbox.claims.Aggregates.row;
import static io.viewkeeper.sandbox.claims.Aggregates.rows;

import io.viewkeeper.sandbox.claims.ClaimsData.Claim;
import io.viewkeeper.sandbox.claims.ClaimsData.QueueItem;
import io.viewkeeper.sandbox.claims.ClaimsData.Validation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows of the three views of the last 24 hours; see {@link ExpectedViews}. */
record ExpectedRealtimeViews(ClaimsData data, Instant now) {
    List<List<@Nullable Object>> processingMetrics() {
        Instant since = now.minus(Duration.ofHours(24)).truncatedTo(ChronoUnit.MINUTES);
        return rows(
                data.claims().stream()
                        .filter(c -> c.processedAt() != null)
                        .filter(c -> !processedAt(c).isBefore(since)),
                c -> List.of(processedAt(c).truncatedTo(ChronoUnit.MINUTES)),
                (key, claims) -> row(
                        key.get(0),
                        count(claims),
                        count(claims, "approved"),
                        count(claims, "denied"),
                        count(claims, "pending"),
                        averageMs(claims),
                        p95(claims),
                        billed(claims),
                        averageAmount(claims)));
    }

    List<List<@Nullable Object>> queueDepth() {
        Instant since = now.minus(Duration.ofHours(24));
        return rows(data.queueItems().stream(), q -> List.of(q.queue()), (key, items) -> {
            List<BigDecimal> waits = items.stream()
                    .filter(q -> q.startedAt() != null && !q.startedAt().isBefore(since))
                    .map(ExpectedRealtimeViews::waitMs)
                    .toList();
            return row(
                    key.get(0),
                    number(items, q -> q.status().equals("queued")),
                    number(items, q -> q.status().equals("processing")),
                    number(items, q -> q.status().equals("failed")),
                    number(
                            items,
                            q -> q.status().equals("completed")
                                    && q.finishedAt() != null
                                    && !q.finishedAt().isBefore(since)),
                    items.stream()
                            .filter(q -> q.status().equals("queued"))
                            .map(QueueItem::enqueuedAt)
                            .min(Comparator.naturalOrder())
                            .orElse(null),
                    average(waits, 6),
                    p95Of(waits));
        });
    }

    private static BigDecimal waitMs(QueueItem item) {
        return BigDecimal.valueOf(
                ChronoUnit.MICROS.between(item.enqueuedAt(), Objects.requireNonNull(item.startedAt())), 3);
    }

    List<List<@Nullable Object>> validationResults() {
        Instant since = now.minus(Duration.ofHours(24)).truncatedTo(ChronoUnit.MINUTES);
        return rows(
                data.validations().stream().filter(v -> !v.at().isBefore(since)),
                v -> List.of(v.at().truncatedTo(ChronoUnit.MINUTES), v.rule()),
                (key, results) -> row(
                        key.get(0),
                        key.get(1),
                        number(results, v -> true),
                        number(results, Validation::passed),
                        number(results, v -> !v.passed()),
                        results.stream()
                                .filter(v -> !v.passed())
                                .map(Validation::claim)
                                .distinct()
                                .count(),
                        percent(number(results, Validation::passed), results.size())));
    }

    private static Instant processedAt(Claim claim) {
        return Objects.requireNonNull(claim.processedAt());
    }
}
