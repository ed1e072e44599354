// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.time.Duration;

/**
 * How far an explanation may go.
 *
 * @param planTimeout of each statement that plans
 * @param executionTimeout of each of the two executions of EXPLAIN ANALYZE
 * @param executionBudget what is expected to take longer is not executed
 * @param total what all statements of an explanation together may take of the database; the last one begins before that
 * @param lockTimeout of each lock
 * @param turnPatience how long to wait for another execution on the same database to end
 * @param idleTimeout after which the server ends a transaction in which we are silent
 * @param margin how long a statement may take for us beyond what it may take for the server
 */
public record ExplainLimits(
        Duration planTimeout,
        Duration executionTimeout,
        Duration executionBudget,
        Duration total,
        Duration lockTimeout,
        Duration turnPatience,
        Duration idleTimeout,
        Duration margin) {

    /** Of a text, in characters. */
    static final int LONGEST_TEXT = 1_000_000;

    /** At mending a text. */
    static final int ATTEMPTS = 12;

    public static ExplainLimits defaults() {
        return new ExplainLimits(
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofSeconds(20),
                Duration.ofMillis(200),
                Duration.ofSeconds(2),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5));
    }
}
