// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import io.viewkeeper.sandbox.claims.ClaimsData.Claim;
import io.viewkeeper.sandbox.claims.ClaimsData.Line;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Counts, sums, averages and percentiles over records: nulls are left out, an empty sum is 0, an empty average null. */
final class Aggregates {
    private Aggregates() {}

    /** One row for each group of values with one key. */
    interface RowOf<T> {
        List<@Nullable Object> row(List<Object> key, List<T> group);
    }

    static <T> List<List<@Nullable Object>> rows(Stream<T> all, Function<T, List<Object>> key, RowOf<T> row) {
        var rows = new ArrayList<List<@Nullable Object>>();
        all.collect(Collectors.groupingBy(key)).forEach((k, group) -> rows.add(row.row(k, group)));
        return rows;
    }

    static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    static <T> long number(Collection<T> all, Predicate<T> which) {
        return all.stream().filter(which).count();
    }

    static long count(Collection<Claim> claims) {
        return claims.size();
    }

    static long count(Collection<Claim> claims, String status) {
        return number(claims, c -> c.is(status));
    }

    static <T> long distinct(Collection<T> all, Function<T, @Nullable Object> value) {
        return all.stream().map(value).filter(Objects::nonNull).distinct().count();
    }

    static BigDecimal billed(Collection<Claim> claims) {
        return sum(claims.stream().map(Claim::amount));
    }

    static BigDecimal billed(Collection<Claim> claims, String status) {
        return sum(claims.stream().filter(c -> c.is(status)).map(Claim::amount));
    }

    static BigDecimal rvus(Collection<Line> lines) {
        return sum(lines.stream().flatMap(l -> Stream.of(l).flatMap(Aggregates::parts)));
    }

    static Stream<@Nullable BigDecimal> parts(Line line) {
        return Arrays.asList(line.work(), line.practiceExpense(), line.malpractice()).stream();
    }

    static BigDecimal sum(Stream<? extends @Nullable BigDecimal> values) {
        BigDecimal sum = BigDecimal.ZERO;
        for (BigDecimal value : values.toList()) {
            sum = value == null ? sum : sum.add(value);
        }
        return sum;
    }

    static BigDecimal percent(long part, long whole) {
        return BigDecimal.valueOf(part * 100).divide(BigDecimal.valueOf(whole), 2, RoundingMode.HALF_UP);
    }

    static @Nullable BigDecimal averageAmount(Collection<Claim> claims) {
        return average(
                claims.stream().map(Claim::amount).filter(Objects::nonNull).toList(), 2);
    }

    static @Nullable BigDecimal averageMs(Collection<Claim> claims) {
        return average(times(claims), 6);
    }

    static @Nullable BigDecimal average(List<BigDecimal> values, int scale) {
        return values.isEmpty()
                ? null
                : sum(values.stream()).divide(BigDecimal.valueOf(values.size()), scale, RoundingMode.HALF_UP);
    }

    static @Nullable Double p95(Collection<Claim> claims) {
        return p95Of(times(claims));
    }

    static List<BigDecimal> times(Collection<Claim> claims) {
        return claims.stream()
                .map(Claim::processingTimeMs)
                .filter(Objects::nonNull)
                .map(ms -> BigDecimal.valueOf((long) ms))
                .toList();
    }

    /** Linear interpolation between the two values that surround the 95th of 100. */
    static @Nullable Double p95Of(List<BigDecimal> values) {
        if (values.isEmpty()) {
            return null;
        }
        double[] sorted =
                values.stream().mapToDouble(BigDecimal::doubleValue).sorted().toArray();
        double position = 0.95 * (sorted.length - 1);
        int below = (int) Math.floor(position);
        int above = (int) Math.ceil(position);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
