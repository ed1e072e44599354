// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement to explain. Its string form tells neither text nor values.
 *
 * @param text one statement; {@code $n} where values were taken out
 * @param values what $1, $2 … are, as texts (null = NULL); empty: from activity or statistics, else a generic plan
 * @param execute whether EXPLAIN ANALYZE is wanted
 * @param expectedMillis what an execution takes by experience; null if unknown
 * @param queryId to look for values in pg_stat_activity; null if unknown
 * @param affordableMillis what it may take of the database; the last statement begins before that
 * @param path by which its names are understood; null: the one that our own sessions have
 */
public record ExplainRequest(
        String text,
        List<@Nullable String> values,
        boolean execute,
        @Nullable Double expectedMillis,
        @Nullable Long queryId,
        double affordableMillis,
        @Nullable AssumedPath path) {

    public ExplainRequest {
        // Not List.copyOf: NULL is a value.
        values = Collections.unmodifiableList(new ArrayList<@Nullable String>(values));
    }

    /** One that is understood as our own sessions understand it. */
    public ExplainRequest(
            String text,
            List<@Nullable String> values,
            boolean execute,
            @Nullable Double expectedMillis,
            @Nullable Long queryId,
            double affordableMillis) {
        this(text, values, execute, expectedMillis, queryId, affordableMillis, null);
    }

    /** One that may take as long as explanations may. */
    public ExplainRequest(
            String text,
            List<@Nullable String> values,
            boolean execute,
            @Nullable Double expectedMillis,
            @Nullable Long queryId) {
        this(text, values, execute, expectedMillis, queryId, Double.POSITIVE_INFINITY);
    }

    double mostMillis(Duration total) {
        return Math.min(affordableMillis, (double) total.toMillis());
    }

    /** A plan without values and without execution. */
    public static ExplainRequest plain(String text) {
        return new ExplainRequest(text, List.of(), false, null, null);
    }

    @Override
    public String toString() {
        return "ExplainRequest[%d characters, %d values, execute=%s]".formatted(text.length(), values.size(), execute);
    }
}
