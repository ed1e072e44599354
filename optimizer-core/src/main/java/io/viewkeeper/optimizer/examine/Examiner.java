// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.examine;

import io.viewkeeper.optimizer.explain.ExplainRequest;
import io.viewkeeper.optimizer.explain.Explainer;
import io.viewkeeper.optimizer.explain.Explanation;
import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.finding.Context;
import io.viewkeeper.optimizer.finding.Finding;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanShape;
import io.viewkeeper.optimizer.plan.PlanTimes;
import io.viewkeeper.schema.database.Database;
import java.util.List;
import java.util.Optional;

/** Explains a statement, and finds what is wrong with its plan. Any number of threads may share one. */
public final class Examiner {
    private final Facts facts;
    private final Explainer explainer;
    private final Rules rules;

    /** All rules over a plan, see {@link io.viewkeeper.optimizer.finding.Findings#of(Context, double)}: they take processor time. */
    @FunctionalInterface
    public interface Rules {
        List<Finding> findings(Context context, double callsPerDay);
    }

    /** @param rules where they are computed is the caller's choice */
    public Examiner(Database database, Explainer explainer, Rules rules) {
        this.facts = new Facts(database);
        this.explainer = explainer;
        this.rules = rules;
    }

    /** See {@link Explainer#explain}. */
    public Explanation explain(ExplainRequest request) {
        return explainer.explain(request);
    }

    /** Of the execution where there is one that is like the application's calls, else of the estimates. */
    public Conclusion find(Planned planned, Background background) {
        var doubt = planned.executed() && background.calls() != null
                ? Likeness.difference(planned, background.calls())
                : Optional.<String>empty();
        var conclusion = new Conclusion(planned, PlanShape.hash(planned.plain()), doubt, List.of());
        var findings = findings(conclusion.plan(), conclusion.planHash(), background);
        if (conclusion.measured() && SerialExecution.isParallel(planned.plain())) {
            findings = SerialExecution.holding(
                    planned.plan(),
                    findings,
                    planned.plain(),
                    findings(planned.plain(), conclusion.planHash(), background));
        }
        return new Conclusion(planned, conclusion.planHash(), doubt, findings);
    }

    private List<Finding> findings(Plan plan, String hash, Background background) {
        var context = new Context(
                plan,
                PlanTimes.of(plan),
                facts.tables(plan),
                facts.server(),
                background.history().apply(hash));
        return rules.findings(context, background.callsPerDay());
    }
}
