// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.statement;

import io.viewkeeper.optimizer.survey.Survey;
import java.util.List;

/**
 * What one look at pg_stat_statements saw.
 *
 * @param slow those with the most total time first
 * @param statementsIssued by the look
 */
public record Sighting(Survey survey, List<SlowStatement> slow, int statementsIssued) {
    public Sighting {
        slow = List.copyOf(slow);
    }
}
