// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.schema.database.SqlState;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What came of a request: a plan, or why there is none. No value of the statement is in it. */
public sealed interface Explanation {
    Taken taken();

    /**
     * What an explanation took of the database.
     *
     * @param millis all its statements together
     * @param statements how many were issued for it
     */
    record Taken(double millis, int statements) {
        static final Taken NOTHING = new Taken(0, 0);
    }

    /**
     * A plan.
     *
     * @param explained executed, where that was wanted and possible
     * @param unexecuted the plan before it was executed, as the application would have it: executions have no parallel workers
     * @param relations that planning locked: tables, partitions, materialized and foreign tables; no catalogs
     * @param notes what a reader must know: repairs, what was left out and why
     * @param repairs without which there would be no plan, or a better one
     */
    record Planned(
            RedactedPlan explained,
            RedactedPlan unexecuted,
            ValuesFrom valuesFrom,
            List<RelationName> relations,
            List<String> notes,
            Set<Repair> repairs,
            Taken taken)
            implements Explanation {
        public Planned {
            relations = List.copyOf(relations);
            notes = List.copyOf(notes);
            repairs = Set.copyOf(repairs);
        }

        public Plan plan() {
            return explained.plan();
        }

        /** The plan before it was executed. */
        public Plan plain() {
            return unexecuted.plan();
        }

        /** Whether the plan tells what happened (ANALYZE), or only what would. */
        public boolean executed() {
            return plan().analyzed();
        }
    }

    /**
     * It was tried, or looked at, and cannot be planned.
     *
     * @param reason a sentence
     * @param sqlState the server's last word; null where the server was not asked
     * @param hints what may help
     */
    record Unexplained(String reason, @Nullable SqlState sqlState, List<String> hints, Taken taken)
            implements Explanation {
        public Unexplained {
            hints = List.copyOf(hints);
        }
    }

    /**
     * A protection said no, even to a plan that executes nothing.
     *
     * @param reason a sentence
     */
    record Refused(Layer layer, String reason, Taken taken) implements Explanation {}
}
