// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.optimizer.plan.PlanRedaction;

/** A plan out of EXPLAIN's JSON, and that JSON, without the statement's values. */
public record RedactedPlan(Plan plan, String json) {
    /** What we have set ourselves, and the statement would not meet. */
    private static final String OUR_SETTING = "plan_cache_mode";

    static RedactedPlan of(String explained) throws MalformedPlanException {
        JsonNode safe = PlanRedaction.of(PlanReader.parse(explained));
        for (JsonNode settings : safe.findValues("Settings")) {
            if (settings instanceof ObjectNode object) {
                object.remove(OUR_SETTING);
            }
        }
        return new RedactedPlan(PlanReader.read(safe).getFirst(), safe.toString());
    }
}
