// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import io.viewkeeper.sandbox.claims.ClaimsData.BillingProvider;
import io.viewkeeper.sandbox.claims.ClaimsData.Claim;
import io.viewkeeper.sandbox.claims.ClaimsData.Line;
import io.viewkeeper.sandbox.claims.ClaimsData.Payer;
import io.viewkeeper.sandbox.claims.ClaimsData.QueueItem;
import io.viewkeeper.sandbox.claims.ClaimsData.Validation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Random rows with all that goes wrong in practice: few codes, so that they repeat and tie; nulls wherever a column allows
 * them; a payer that never approves and one to which nothing is billed; times that crowd around midnights, the edges of
 * the windows and the zone's last clock changes.
 */
final class AwkwardClaims {
    private static final List<String> PROCEDURES = List.of("G0283", "G0168", "J1100", "g0168", "A0425");
    private static final List<String> DIAGNOSES = List.of("I10", "E110", "M545", "Z000");
    private static final List<String> STATUSES = List.of("pending", "approved", "approved", "denied", "failed");
    private static final List<String> REASONS = List.of("16", "97", "VALIDATION", "UNSPECIFIED");
    private static final long NEVER_APPROVES = 3;
    private static final long BILLED_NOTHING = 4;

    private final SplittableRandom random;
    private final Instant now;
    private final ZoneId zone;

    private AwkwardClaims(long seed, Instant now, ZoneId zone) {
        random = new SplittableRandom(seed);
        this.now = now.truncatedTo(ChronoUnit.MICROS);
        this.zone = zone;
    }

    static ClaimsData generate(long seed, int count, Instant now, ZoneId zone) {
        var awkward = new AwkwardClaims(seed, now, zone);
        var claims = new ArrayList<Claim>();
        var lines = new ArrayList<Line>();
        var validations = new ArrayList<Validation>();
        var queueItems = new ArrayList<QueueItem>();
        for (long id = 1; id <= count; id++) {
            claims.add(awkward.claim(id));
            int lineCount = awkward.random.nextInt(5);
            for (int number = 1; number <= lineCount; number++) {
                lines.add(awkward.line(id, number));
            }
            int validationCount = awkward.random.nextInt(4);
            for (int i = 0; i < validationCount; i++) {
                validations.add(awkward.validation(id));
            }
            queueItems.add(awkward.queueItem());
        }
        return new ClaimsData(
                List.of(
                        new BillingProvider(1, "One", "207Q00000X", "Family practice"),
                        new BillingProvider(2, "Two", null, null),
                        new BillingProvider(3, "One", "207Q00000X", "Family practice"),
                        new BillingProvider(9, "Without claims", null, null)),
                List.of(
                        new Payer(1, "Largest", "commercial"),
                        new Payer(2, "Same name", null),
                        new Payer(NEVER_APPROVES, "Same name", "medicaid"),
                        new Payer(BILLED_NOTHING, "Nothing", "other"),
                        new Payer(9, "Without claims", "other")),
                claims,
                lines,
                validations,
                queueItems);
    }

    private Claim claim(long id) {
        Long payer = orNull(8, () -> 1 + random.nextLong(4));
        String status = pick(STATUSES);
        if (status.equals("approved") && payer != null && payer == NEVER_APPROVES) {
            status = "denied";
        }
        return new Claim(
                id,
                orNull(5, () -> random.nextLong(20)),
                orNull(8, () -> 1 + random.nextLong(3)),
                payer,
                payer != null && payer == BILLED_NOTHING ? BigDecimal.ZERO : orNull(4, this::amount),
                status,
                orNull(50, () -> pick(REASONS)),
                orNull(20, () -> random.nextInt(100) < 75),
                orNull(15, () -> random.nextInt(3_000)),
                orNull(10, this::processedAt));
    }

    private Line line(long claim, int number) {
        return new Line(
                claim,
                number,
                orNull(12, () -> pick(PROCEDURES)),
                orNull(12, () -> pick(DIAGNOSES)),
                orNull(20, this::rvu),
                orNull(20, this::rvu),
                orNull(20, this::rvu));
    }

    private Validation validation(long claim) {
        Instant at = now.minus(random.nextInt(100) < 50 ? minutes(3) : minutes(26 * 60));
        return new Validation(claim, pick(List.of("A", "B", "Ö")), random.nextInt(100) < 70, at);
    }

    private QueueItem queueItem() {
        String queue = pick(List.of("intake", "Prüfung", "idle since long", "never started"));
        Instant enqueuedAt = now.minus(minutes(50 * 60));
        if (queue.equals("idle since long")) {
            Instant longAgo = now.minus(Duration.ofDays(3));
            return new QueueItem(queue, "completed", longAgo, longAgo.plusMillis(7), longAgo.plusMillis(90));
        }
        if (queue.equals("never started")) {
            return new QueueItem(queue, "queued", enqueuedAt, null, null);
        }
        Instant startedAt = orNull(20, () -> enqueuedAt.plus(minutes(40 * 60)));
        return new QueueItem(
                queue,
                pick(List.of("queued", "processing", "completed", "failed")),
                enqueuedAt,
                startedAt,
                startedAt == null ? null : orNull(30, () -> startedAt.plus(minutes(60))));
    }

    private Instant processedAt() {
        LocalDate today = LocalDate.ofInstant(now, zone);
        return switch (random.nextInt(8)) {
            case 0 -> now.minus(minutes(5));
            case 1 -> now.minus(Duration.ofHours(24)).plus(minutes(8)).minus(minutes(8));
            case 2 -> now.minus(minutes(24 * 60));
            case 3 ->
                around(today.minusDays(pick(List.of(30, 31, 90, 91)))
                        .atStartOfDay(zone)
                        .toInstant());
            case 4 ->
                around(today.minusDays(random.nextInt(100)).atStartOfDay(zone).toInstant());
            case 5 -> around(lastClockChange(now));
            case 6 -> around(lastClockChange(lastClockChange(now)));
            default -> now.minus(minutes(100 * 24 * 60));
        };
    }

    private Instant lastClockChange(Instant before) {
        var change = zone.getRules().previousTransition(before);
        return change == null ? before.minus(Duration.ofDays(40)) : change.getInstant();
    }

    private Instant around(Instant moment) {
        return moment.plus(minutes(150)).minus(minutes(150));
    }

    private Duration minutes(int most) {
        return Duration.of(random.nextLong(60_000_000L * most), ChronoUnit.MICROS);
    }

    private BigDecimal amount() {
        return BigDecimal.valueOf(random.nextLong(100_000), 2);
    }

    private BigDecimal rvu() {
        return BigDecimal.valueOf(random.nextLong(100_000), 4);
    }

    private <T> @Nullable T orNull(int percentNull, Supplier<T> value) {
        return random.nextInt(100) < percentNull ? null : value.get();
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
