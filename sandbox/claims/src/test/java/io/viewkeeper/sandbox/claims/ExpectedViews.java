// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import static io.viewkeeper.sandbox.claims.Aggregates.averageAmount;
import static io.viewkeeper.sandbox.claims.Aggregates.averageMs;
import static io.viewkeeper.sandbox.claims.Aggregates.billed;
import static io.viewkeeper.sandbox.claims.Aggregates.count;
import static io.viewkeeper.sandbox.claims.Aggregates.distinct;
import static io.viewkeeper.sandbox.claims.Aggregates.number;
import static io.viewkeeper.sandbox.claims.Aggregates.p95;
import static io.viewkeeper.sandbox.claims.Aggregates.percent;
import static io.viewkeeper.sandbox.claims.Aggregates.row;
import static io.viewkeeper.sandbox.claims.Aggregates.rows;
import static io.viewkeeper.sandbox.claims.Aggregates.rvus;
import static io.viewkeeper.sandbox.claims.Aggregates.sum;

import io.viewkeeper.sandbox.claims.ClaimsData.BillingProvider;
import io.viewkeeper.sandbox.claims.ClaimsData.Claim;
import io.viewkeeper.sandbox.claims.ClaimsData.Line;
import io.viewkeeper.sandbox.claims.ClaimsData.Payer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows that each view must have, worked out claim by claim from the rules in words, knowing nothing of its SQL. */
final class ExpectedViews {
    private final ClaimsData data;
    private final Instant now;
    private final ZoneId zone;
    private final Map<Long, List<Line>> linesByClaim;
    private final Map<Long, Claim> claimsById;

    ExpectedViews(ClaimsData data, Instant now, ZoneId zone) {
        this.data = data;
        this.now = now;
        this.zone = zone;
        linesByClaim = data.lines().stream().collect(Collectors.groupingBy(Line::claim));
        claimsById = data.claims().stream().collect(Collectors.toMap(Claim::id, Function.identity()));
    }

    /** Rows with the columns in the view's order, in no order. */
    Map<String, List<List<@Nullable Object>>> all() {
        var views = new LinkedHashMap<String, List<List<@Nullable Object>>>();
        var realtime = new ExpectedRealtimeViews(data, now);
        views.put("claims_processing_metrics_realtime", realtime.processingMetrics());
        views.put("queue_depth_metrics_realtime", realtime.queueDepth());
        views.put("validation_results_realtime", realtime.validationResults());
        views.put("claims_daily_summary", dailySummary());
        views.put("provider_performance_daily", providerPerformance());
        views.put("payer_analysis_daily", payerAnalysis());
        views.put("revenue_analytics_summary", revenue());
        views.put("diagnosis_code_analytics", diagnoses());
        views.put("failed_claims_analysis", failedClaims());
        return views;
    }

    private List<List<@Nullable Object>> dailySummary() {
        return rows(
                processed(),
                c -> List.of(day(c)),
                (key, claims) -> row(
                        key.get(0),
                        count(claims),
                        count(claims, "approved"),
                        count(claims, "denied"),
                        count(claims, "pending"),
                        number(claims, c -> Boolean.TRUE.equals(c.validationPassed())),
                        number(claims, Claim::failedValidation),
                        billed(claims),
                        averageAmount(claims),
                        billed(claims, "approved"),
                        averageMs(claims),
                        p95(claims),
                        distinct(claims, Claim::patient),
                        distinct(claims, Claim::provider),
                        distinct(claims, Claim::payer)));
    }

    private List<List<@Nullable Object>> providerPerformance() {
        Map<Long, BillingProvider> providers =
                data.providers().stream().collect(Collectors.toMap(BillingProvider::id, p -> p));
        return rows(
                lastDays(30).filter(c -> c.provider() != null), c -> List.of(day(c), provider(c)), (key, claims) -> {
                    BillingProvider provider = Objects.requireNonNull(providers.get(key.get(1)));
                    return row(
                            key.get(0),
                            provider.id(),
                            provider.name(),
                            provider.taxonomy(),
                            provider.specialty(),
                            count(claims),
                            count(claims, "approved"),
                            count(claims, "denied"),
                            percent(count(claims, "approved"), claims.size()),
                            billed(claims),
                            billed(claims, "approved"),
                            averageAmount(claims),
                            rvus(lines(claims)),
                            averageMs(claims),
                            number(claims, Claim::failedValidation),
                            distinct(claims, Claim::patient));
                });
    }

    private List<List<@Nullable Object>> payerAnalysis() {
        return rows(
                lastDays(90).filter(c -> c.payer() != null),
                c -> List.of(day(c), payer(c)),
                (key, claims) -> row(
                        key.get(0),
                        key.get(1),
                        payerOf(key).name(),
                        payerOf(key).type(),
                        count(claims),
                        count(claims, "approved"),
                        count(claims, "denied"),
                        count(claims, "pending"),
                        percent(count(claims, "approved"), claims.size()),
                        billed(claims),
                        billed(claims, "approved"),
                        billed(claims, "denied"),
                        averageAmount(claims),
                        averageMs(claims),
                        p95(claims),
                        number(claims, Claim::failedValidation),
                        distinct(claims, Claim::patient),
                        distinct(claims, Claim::provider)));
    }

    private List<List<@Nullable Object>> revenue() {
        return rows(lastDays(90).filter(c -> c.payer() != null), c -> List.of(day(c), payer(c)), (key, claims) -> {
            List<Line> lines = lines(claims);
            BigDecimal billed = billed(claims);
            return row(
                    key.get(0),
                    key.get(1),
                    payerOf(key).name(),
                    payerOf(key).type(),
                    count(claims),
                    billed,
                    billed(claims, "approved"),
                    billed(claims, "denied"),
                    sum(lines.stream().map(Line::work)),
                    sum(lines.stream().map(Line::practiceExpense)),
                    sum(lines.stream().map(Line::malpractice)),
                    rvus(lines),
                    distinct(lines, Line::procedure),
                    distinct(lines, Line::diagnosis),
                    averageAmount(claims),
                    billed.signum() == 0
                            ? null
                            : billed(claims, "approved").movePointRight(2).divide(billed, 2, RoundingMode.HALF_UP),
                    averageMs(claims),
                    number(claims, Claim::failedValidation));
        });
    }

    private List<List<@Nullable Object>> diagnoses() {
        Stream<Line> lines =
                lastDays(90).flatMap(c -> lines(List.of(c)).stream()).filter(l -> l.diagnosis() != null);
        return rows(lines, l -> List.of(week(claimOf(l)), Objects.requireNonNull(l.diagnosis())), (key, group) -> {
            List<Claim> claims = group.stream().map(this::claimOf).distinct().toList();
            return row(
                    key.get(0),
                    key.get(1),
                    count(claims),
                    (long) group.size(),
                    billed(claims),
                    averageAmount(claims),
                    percent(count(claims, "approved"), claims.size()),
                    rvus(group),
                    distinct(claims, Claim::patient),
                    distinct(claims, Claim::provider),
                    distinct(claims, Claim::payer),
                    mostFrequent(group));
        });
    }

    private static @Nullable String mostFrequent(List<Line> lines) {
        var counts = new HashMap<String, Integer>();
        lines.stream()
                .map(Line::procedure)
                .filter(Objects::nonNull)
                .forEach(code -> counts.merge(code, 1, Integer::sum));
        return counts.keySet().stream()
                .min(Comparator.<String, Integer>comparing(code -> -Objects.requireNonNull(counts.get(code)))
                        .thenComparing(Comparator.naturalOrder()))
                .orElse(null);
    }

    private List<List<@Nullable Object>> failedClaims() {
        return rows(
                lastDays(90)
                        .filter(c -> c.payer() != null)
                        .filter(c -> c.is("denied") || c.is("failed") || c.failedValidation()),
                c -> List.of(day(c), payer(c), reason(c)),
                (key, claims) -> row(
                        key.get(0),
                        key.get(1),
                        key.get(2),
                        payerOf(key).name(),
                        count(claims),
                        count(claims, "denied"),
                        number(claims, Claim::failedValidation),
                        billed(claims),
                        averageAmount(claims),
                        averageMs(claims),
                        distinct(claims, Claim::patient),
                        distinct(claims, Claim::provider)));
    }

    private static String reason(Claim claim) {
        if (claim.reason() != null) {
            return claim.reason();
        }
        return claim.failedValidation() ? "VALIDATION" : "UNSPECIFIED";
    }

    private Stream<Claim> processed() {
        return data.claims().stream().filter(c -> c.processedAt() != null);
    }

    private Stream<Claim> lastDays(int days) {
        LocalDate first = LocalDate.ofInstant(now, zone).minusDays(days);
        return processed().filter(c -> !day(c).isBefore(first));
    }

    private static Instant processedAt(Claim claim) {
        return Objects.requireNonNull(claim.processedAt());
    }

    private static Long provider(Claim claim) {
        return Objects.requireNonNull(claim.provider());
    }

    private static Long payer(Claim claim) {
        return Objects.requireNonNull(claim.payer());
    }

    private Payer payerOf(List<Object> key) {
        return data.payers().stream()
                .filter(p -> key.get(1).equals(p.id()))
                .findFirst()
                .orElseThrow();
    }

    private LocalDate day(Claim claim) {
        return LocalDate.ofInstant(processedAt(claim), zone);
    }

    private LocalDate week(Claim claim) {
        return day(claim).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    private Claim claimOf(Line line) {
        return Objects.requireNonNull(claimsById.get(line.claim()));
    }

    private List<Line> lines(Collection<Claim> claims) {
        var lines = new ArrayList<Line>();
        claims.forEach(c -> lines.addAll(linesByClaim.getOrDefault(c.id(), List.of())));
        return lines;
    }
}
