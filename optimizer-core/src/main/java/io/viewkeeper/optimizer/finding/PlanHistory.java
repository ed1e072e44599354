// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Plan;
import java.time.Instant;

/**
 * How a statement did with its earlier plan and with the one that it has now. Calls and times are of the windows in which each
 * plan was in force, from pg_stat_statements.
 *
 * @param earlierAnalysis id of the analysis that holds the earlier plan
 * @param earlierMeanMillis of its calls
 */
public record PlanHistory(
        Plan earlier,
        String earlierAnalysis,
        Instant earlierSeenAt,
        long earlierCalls,
        double earlierMeanMillis,
        long calls,
        double meanMillis) {}
