package io.viewkeeper.optimizer.survey;

/**
 * The time that 95 % of the executions do not exceed, estimated: pg_stat_statements keeps no histogram. Assumes a lognormal
 * distribution, which was within 2 % on unimodal times and wrong by up to 4.8 times on mixes of cold and warm executions.
 *
 * @param method lognormal
 * @param confidence high, or low where the times vary too much or the executions are too few
 */
public record Percentile(double millis, String method, String confidence) {
    private static final double QUANTILE_95 = 1.645;
    private static final long FEW_CALLS = 30;
    private static final double WIDE_VARIATION = 1.5;

    /** Of at least one call. */
    public static Percentile p95(Counters counted) {
        double mean = counted.meanMillis();
        double deviation = counted.stddevMillis();
        if (mean <= 0) {
            return new Percentile(0, "lognormal", "low");
        }
        double variation = deviation / mean;
        double squared = Math.log(1 + variation * variation);
        double estimate = Math.exp(Math.log(mean) - squared / 2 + QUANTILE_95 * Math.sqrt(squared));
        // The mean is below the quantile in every distribution that this estimate is good for.
        double clamped = Math.clamp(estimate, Math.min(mean, counted.maxMillis()), Math.max(mean, counted.maxMillis()));
        boolean low = variation > WIDE_VARIATION || counted.calls() < FEW_CALLS;
        return new Percentile(clamped, "lognormal", low ? "low" : "high");
    }
}
