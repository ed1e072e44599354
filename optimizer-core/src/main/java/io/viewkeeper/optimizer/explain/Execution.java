// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.SqlState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** EXPLAIN ANALYZE of what is prepared, where nothing speaks against it. */
final class Execution {
    private static final String WARM = "analyze, timing off";
    private static final String MEASURED = "analyze, buffers, verbose, settings";

    private static final long MEGABYTE = 1L << 20;
    private static final long MOST_BYTES = 512 * MEGABYTE;

    private final MeteredSession session;
    private final SafeTransaction transaction;
    private final Preparation preparation;
    private final ExplainLimits limits;
    private final CostRate rate;

    Execution(
            MeteredSession session,
            SafeTransaction transaction,
            Preparation preparation,
            ExplainLimits limits,
            CostRate rate) {
        this.session = session;
        this.transaction = transaction;
        this.preparation = preparation;
        this.limits = limits;
        this.rate = rate;
    }

    /** {@link Layer#CEILING}: why it is not executed. */
    Optional<String> tooLong(Plan plain, @Nullable Double expectedMillis) throws MalformedPlanException {
        Duration budget = limits.executionBudget();
        if (expectedMillis != null && expectedMillis > budget.toMillis()) {
            return Optional.of("it takes %.0f ms by experience, more than the budget of %d ms"
                    .formatted(expectedMillis, budget.toMillis()));
        }
        double millis = rate.millis(session, plain);
        return millis <= budget.toMillis()
                ? Optional.empty()
                : Optional.of("it is estimated to take %.0f ms, more than the budget of %d ms"
                        .formatted(millis, budget.toMillis()));
    }

    /** {@link Layer#CEILING}: why it is not executed. */
    Optional<String> tooLarge(Plan plain) {
        double bytes = MemoryNeed.in(session).bytes(plain);
        return bytes <= MOST_BYTES
                ? Optional.empty()
                : Optional.of("it is estimated to hold %.0f MB in memory, more than %d MB"
                        .formatted(bytes / MEGABYTE, MOST_BYTES / MEGABYTE));
    }

    /** Twice: the first time warms the cache. */
    Outcome run(List<String> arguments) throws MalformedPlanException {
        transaction.limitExecution();
        // What is set after a savepoint is gone when a failure goes back to it.
        preparation.savepoint();
        var warm = attempt(WARM, arguments);
        if (warm.plan() == null && !timedOut(warm)) {
            return warm;
        }
        var measured = attempt(MEASURED, arguments);
        var plan = measured.plan();
        if (plan != null) {
            rate.learn(plan.plan());
        }
        return measured;
    }

    private static boolean timedOut(Outcome outcome) {
        return SqlState.QUERY_CANCELED.equals(outcome.sqlState());
    }

    private Outcome attempt(String options, List<String> arguments) throws MalformedPlanException {
        try {
            return new Outcome(preparation.explain(options, arguments), null, "");
        } catch (DatabaseException failure) {
            if (failure.sqlState().connectionLost()) {
                throw failure;
            }
            String note = failure.sqlState().equals(SqlState.QUERY_CANCELED)
                    ? "executed twice, timed out after %d ms: this is the plain plan"
                            .formatted(limits.executionTimeout().toMillis())
                    : "executed, and failed with SQLSTATE %s: this is the plain plan"
                            .formatted(failure.sqlState().code());
            return new Outcome(null, failure.sqlState(), note);
        }
    }

    /** @param plan null where it failed */
    record Outcome(@Nullable RedactedPlan plan, @Nullable SqlState sqlState, String note) {}
}
