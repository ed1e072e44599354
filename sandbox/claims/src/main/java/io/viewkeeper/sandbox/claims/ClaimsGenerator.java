// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import io.viewkeeper.sandbox.claims.CodeBook.Procedure;
import io.viewkeeper.sandbox.claims.SampleClaim.Line;
import io.viewkeeper.sandbox.claims.SampleClaim.Outcome;
import io.viewkeeper.sandbox.claims.SampleClaim.RelativeValue;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Claims by number: each has a random sequence of its own, so any part of the sample can be made by any thread in any
 * order and is always the same. Claims are numbered in the order in which they arrived.
 */
final class ClaimsGenerator {
    private static final double[] LINES_PER_CLAIM = {.003, .22, .25, .20, .14, .10, .09};
    private static final double DOLLARS_PER_RVU = 62;
    private static final double SMALLEST_CHARGE_DOLLARS = 20;

    private final GeneratorOptions options;
    private final CodeBook codes;
    private final ActivityCalendar calendar;
    private final WeightedChoice payers;
    private final WeightedChoice providers;
    private final WeightedChoice diagnoses;
    private final WeightedChoice procedures;
    private final WeightedChoice adjustmentReasons;
    private final WeightedChoice lineCounts = WeightedChoice.of(LINES_PER_CLAIM.length, i -> LINES_PER_CLAIM[i]);

    ClaimsGenerator(GeneratorOptions options, CodeBook codes) {
        this.options = options;
        this.codes = codes;
        calendar = new ActivityCalendar(options.history());
        payers = WeightedChoice.of(
                codes.payers().size(), i -> codes.payers().get(i).weight());
        providers = WeightedChoice.zipf(options.providers(), 0.6);
        diagnoses = WeightedChoice.zipf(codes.diagnoses().size(), 0.85);
        procedures = WeightedChoice.zipf(codes.procedures().size(), 0.8);
        adjustmentReasons = WeightedChoice.of(
                codes.adjustmentReasons().size(),
                i -> codes.adjustmentReasons().get(i).weight());
    }

    /** Claims of the last days still have their validation results and queue items; older ones were cleaned away. */
    boolean isRecent(long index) {
        return index >= options.claims() - Math.max(options.claims() / 40, 200);
    }

    /** The claim at an index from 0 to the number of claims less one. */
    SampleClaim claim(long index) {
        RandomGenerator random = new SplittableRandom(mix(options.seed(), index));
        Instant receivedAt = calendar.at((index + random.nextDouble()) / options.claims());
        return draw(index, receivedAt, random.nextDouble() >= waitingShare(index), random);
    }

    /** A claim beyond the sample that arrives at the given moment and waits to be processed. */
    SampleClaim arriving(long index, Instant receivedAt) {
        return draw(index, receivedAt, false, new SplittableRandom(mix(options.seed(), index)));
    }

    /** Of the newest claims half wait to be processed, of the last days' a few, of older ones none. */
    private double waitingShare(long index) {
        long newer = options.claims() - index;
        if (newer * 2_000 <= options.claims()) {
            return 0.5;
        }
        return newer * 40 <= options.claims() ? 0.05 : 0;
    }

    private SampleClaim draw(long index, Instant receivedAt, boolean processed, RandomGenerator random) {
        long patient = 1 + random.nextLong(Math.max(1, options.claims() / 6));
        long patientHabits = mix(options.seed() ^ 0x5DEECE66DL, patient);
        int payer = payers.indexAt((patientHabits >>> 11) * 0x1.0p-53);
        List<Line> lines = lines(receivedAt, random);
        long amountCents = lines.stream().mapToLong(Line::chargeCents).sum();
        return new SampleClaim(
                index + 1,
                "VK" + Long.toString(mix(options.seed(), -index - 1) >>> 20, 36).toUpperCase(Locale.ROOT),
                patient,
                random.nextInt(1000) < 2 ? null : Long.valueOf(1 + provider(patientHabits, random)),
                random.nextInt(1000) < 2 ? null : Long.valueOf(1 + payer),
                lines.isEmpty() ? cents(180, random) : amountCents,
                processed ? outcome(receivedAt, payer, random) : waiting(random),
                receivedAt,
                lines);
    }

    /** Patients mostly return to the same provider. */
    private int provider(long patientHabits, RandomGenerator random) {
        return random.nextInt(100) < 70
                ? providers.indexAt((Long.rotateLeft(patientHabits, 32) >>> 11) * 0x1.0p-53)
                : providers.draw(random);
    }

    private List<Line> lines(Instant receivedAt, RandomGenerator random) {
        int count = lineCounts.draw(random);
        var lines = new ArrayList<Line>(count);
        String[] claimDiagnoses = new String[1 + random.nextInt(3)];
        for (int i = 0; i < claimDiagnoses.length; i++) {
            claimDiagnoses[i] = codes.diagnoses().get(diagnoses.draw(random));
        }
        LocalDate serviceDate =
                LocalDate.ofInstant(receivedAt, options.history().zone()).minusDays(1 + random.nextInt(14));
        for (int number = 1; number <= count; number++) {
            String diagnosis = claimDiagnoses[random.nextInt(claimDiagnoses.length)];
            lines.add(line(number, diagnosis, serviceDate, random));
        }
        return lines;
    }

    private Line line(int number, String diagnosis, LocalDate serviceDate, RandomGenerator random) {
        Procedure procedure = codes.procedures().get(procedures.draw(random));
        int units = random.nextInt(100) < 88 ? 1 : 2 + random.nextInt(3);
        return new Line(
                number,
                random.nextInt(1000) < 1 ? null : procedure.code(),
                random.nextInt(1000) < 3 ? null : diagnosis,
                cents(Math.max(SMALLEST_CHARGE_DOLLARS, procedure.totalRvus() * units * DOLLARS_PER_RVU), random),
                units,
                serviceDate,
                random.nextInt(100) < 2 ? null : relativeValue(procedure, units));
    }

    private static RelativeValue relativeValue(Procedure procedure, int units) {
        Long practiceExpense = procedure.practiceExpenseHundredths();
        return new RelativeValue(
                procedure.workHundredths() * units,
                practiceExpense == null ? null : Long.valueOf(practiceExpense * units),
                procedure.malpracticeHundredths() * units);
    }

    private static Outcome waiting(RandomGenerator random) {
        return new Outcome("pending", null, random.nextBoolean() ? Boolean.TRUE : null, null, null);
    }

    private Outcome outcome(Instant receivedAt, int payer, RandomGenerator random) {
        long age = ChronoUnit.MICROS.between(receivedAt, options.history().now());
        double delaySeconds = 480 * StrictMath.exp(normal(random));
        double share = 0.2 + 0.8 * random.nextDouble();
        Instant processedAt = receivedAt.plus((long) Math.min(delaySeconds * 1e6, age * share), ChronoUnit.MICROS);
        return decision(payer, processedAt, random);
    }

    /** What is decided on a claim of the payer at the given index that is processed at the given moment. */
    Outcome decision(int payer, Instant processedAt, RandomGenerator random) {
        Boolean validationPassed = validationPassed(random);
        String status = status(validationPassed, payer, random);
        String reason = status.equals("denied") ? denialReason(validationPassed, random) : null;
        int processingTime = (int) Math.min(60_000, Math.round(180 * StrictMath.exp(0.7 * normal(random))));
        return new Outcome(
                status, reason, validationPassed, random.nextInt(100) < 1 ? null : processingTime, processedAt);
    }

    private static @Nullable Boolean validationPassed(RandomGenerator random) {
        int draw = random.nextInt(1000);
        if (draw < 4) {
            return null;
        }
        return draw >= 29;
    }

    /** About eight in a hundred are denied, by some payers twice as many as by others. */
    private static String status(@Nullable Boolean validationPassed, int payer, RandomGenerator random) {
        double draw = random.nextDouble();
        if (Boolean.FALSE.equals(validationPassed)) {
            return draw < 0.7 ? "failed" : "denied";
        }
        double denied = 0.055 + 0.011 * (payer % 5);
        if (draw < denied) {
            return "denied";
        }
        if (draw < denied + 0.012) {
            return "pending";
        }
        return draw < denied + 0.017 ? "failed" : "approved";
    }

    private @Nullable String denialReason(@Nullable Boolean validationPassed, RandomGenerator random) {
        if (Boolean.FALSE.equals(validationPassed)) {
            return "16";
        }
        int reason = adjustmentReasons.draw(random);
        return random.nextInt(100) < 1
                ? null
                : codes.adjustmentReasons().get(reason).code();
    }

    private static long cents(double typicalDollars, RandomGenerator random) {
        return Math.round(100 * typicalDollars * StrictMath.exp(0.4 * normal(random)));
    }

    /** Box and Muller, in StrictMath: the same on every machine and JDK, as nextGaussian need not be. */
    private static double normal(RandomGenerator random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    /** SplitMix64's finalizer over two numbers. */
    private static long mix(long seed, long number) {
        long z = seed * 0x9E3779B97F4A7C15L + number * 0xD1B54A32D192ED03L + 0x632BE59BD9B4E019L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
