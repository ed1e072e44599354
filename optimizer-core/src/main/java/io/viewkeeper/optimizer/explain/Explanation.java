package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.schema.database.SqlState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a request: a plan, or why there is none. No value of the statement is in it. */
public sealed interface Explanation {
    /** What it took of the database, all statements together. */
    double databaseMillis();

    /** How many statements were issued for it. */
    int statements();

    /**
     * A plan.
     *
     * @param plan without values
     * @param plain the plan before it was executed, as the application would have it: executions have no parallel workers
     * @param redactedJson as EXPLAIN gave it, without values
     * @param plainJson of the plan before it was executed
     * @param relations that planning locked: tables, partitions, materialized and foreign tables; no catalogs
     * @param notes what a reader must know: repairs, what was left out and why
     */
    record Planned(
            Plan plan,
            Plan plain,
            String redactedJson,
            String plainJson,
            ValuesFrom valuesFrom,
            List<RelationName> relations,
            List<String> notes,
            double databaseMillis,
            int statements)
            implements Explanation {
        public Planned {
            relations = List.copyOf(relations);
            notes = List.copyOf(notes);
        }

        /** Whether the plan tells what happened (ANALYZE), or only what would. */
        public boolean executed() {
            return plan.analyzed();
        }
    }

    /**
     * It was tried, or looked at, and cannot be planned.
     *
     * @param reason a sentence
     * @param sqlState the server's last word; null where the server was not asked
     * @param hints what may help
     */
    record Unexplained(
            String reason, @Nullable SqlState sqlState, List<String> hints, double databaseMillis, int statements)
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
    record Refused(Layer layer, String reason, double databaseMillis, int statements) implements Explanation {}
}
