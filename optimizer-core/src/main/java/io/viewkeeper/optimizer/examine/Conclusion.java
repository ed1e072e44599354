// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.examine;

import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.explain.RedactedPlan;
import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.optimizer.plan.Plan;
import java.util.List;
import java.util.Optional;

/**
 * What a plan tells.
 *
 * @param planHash of the plan that the application has: an execution without parallel workers is no other plan of the statement
 * @param doubt why nothing is concluded from an execution that was tried; empty where something is, or none was
 * @param findings in the order in which to see to them
 */
public record Conclusion(Planned planned, String planHash, Optional<String> doubt, List<Finding> findings) {
    public Conclusion {
        findings = List.copyOf(findings);
    }

    /** Whether anything is concluded from an execution. */
    public boolean measured() {
        return planned.executed() && doubt.isEmpty();
    }

    /** The plan that the findings are about. */
    public Plan plan() {
        return told().plan();
    }

    /** That plan as EXPLAIN gave it, without values. */
    public String json() {
        return told().json();
    }

    private RedactedPlan told() {
        return measured() ? planned.explained() : planned.unexecuted();
    }
}
