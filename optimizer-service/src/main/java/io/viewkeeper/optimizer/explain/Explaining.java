package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Drafting.Prepared;
import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.explain.Explanation.Refused;
import io.viewkeeper.optimizer.explain.Explanation.Unexplained;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.schema.database.DatabaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request in one session. */
final class Explaining {
    private static final String PLAIN = "verbose, settings";

    private static final String CACHE_MODE = """
            /* viewkeeper:explain */
            select pg_catalog.set_config('plan_cache_mode', $1, true)""";

    /** No privilege, a read-only server, a standby: reasons to be content with what a statement reads. */
    private static final Set<String> NO_WRITING = Set.of("42501", "25006", "55000");

    private final MeteredSession session;
    private final SafeTransaction transaction;
    private final Set<Layer> layers;
    private final ExplainRequest request;
    private final Preparation preparation;
    private final Drafting drafting;
    private final FunctionCheck functions;
    private final Execution execution;
    private final List<String> notes = new ArrayList<>();
    private @Nullable String noExecution;

    Explaining(MeteredSession session, Protection protection, CostRate rate, ExplainRequest request) {
        ExplainLimits limits = protection.limits();
        this.session = session;
        this.layers = protection.layers();
        this.request = request;
        this.transaction = new SafeTransaction(session, limits, layers.contains(Layer.TRANSACTION));
        this.preparation = new Preparation(session, layers);
        this.drafting = new Drafting(preparation, new SearchPath(session), ExplainLimits.ATTEMPTS);
        this.functions = new FunctionCheck(session, protection.harmlessExtensions());
        this.execution = new Execution(session, transaction, preparation, limits, rate);
    }

    Explanation explain(StatementDraft draft) {
        try {
            transaction.begin();
            return guarded(draft);
        } catch (RefusedException refused) {
            return new Refused(refused.layer(), refused.reason(), session.millis(), session.statements());
        } catch (DatabaseException failure) {
            var sentence = NO_WRITING.contains(failure.sqlState().code()) && ReadSide.insertsValues(draft.text())
                    ? new TextCheck.Verdict(
                            "It inserts single rows: there is nothing to plan.",
                            "Look at its triggers, indexes and foreign keys.")
                    : Failures.sentence(failure, draft.text());
            return new Unexplained(
                    sentence.reason(),
                    failure.sqlState(),
                    List.of(sentence.hint()),
                    session.millis(),
                    session.statements());
        } catch (MalformedPlanException unreadable) {
            return new Unexplained(
                    "The server's plan could not be read.",
                    null,
                    List.of("Report it with the server's version."),
                    session.millis(),
                    session.statements());
        } finally {
            leave();
        }
    }

    private void leave() {
        try {
            // In the transaction, while it is surely the same backend.
            preparation.forget();
        } catch (DatabaseException aborted) {
            // The session is cleaned, or gone.
        }
        transaction.end();
    }

    private Explanation guarded(StatementDraft draft) throws MalformedPlanException, RefusedException {
        checkRole();
        checkFunctions(FunctionNames.in(draft.text()), Reach.TEXT);
        if (request.execute() && !transaction.takeTurn()) {
            noExecution = "another execution did not end in time";
        }
        var _ = session.query(CACHE_MODE, row -> row, "force_generic_plan");
        preparation.savepoint();
        var generic = generic(draft);
        var chosen = withValues(generic);
        var explained = request.execute() ? executed(chosen) : chosen;
        var relations = LockedRelations.of(session);
        notes.addAll(0, generic.prepared().draft().notes());
        return new Planned(
                explained.plan().plan(),
                chosen.plan().plan(),
                explained.plan().json(),
                explained.from(),
                relations,
                notes,
                session.millis(),
                session.statements());
    }

    private void checkRole() throws RefusedException {
        if (layers.contains(Layer.ROLE)) {
            var objection = RoleCheck.objection(session);
            if (objection.isPresent()) {
                throw new RefusedException(Layer.ROLE, objection.get());
            }
        }
    }

    private void checkFunctions(FunctionNames.Named names, Reach reach) throws RefusedException {
        if (!layers.contains(Layer.FUNCTIONS)) {
            return;
        }
        if (names.all().contains("uescape")) {
            throw new RefusedException(Layer.FUNCTIONS, "Names spelled with UESCAPE cannot be checked.");
        }
        var verdict = functions.of(names, reach);
        String refusal = verdict.refusal();
        if (refusal != null) {
            throw new RefusedException(Layer.FUNCTIONS, refusal);
        }
        noExecution = noExecution == null ? verdict.noExecution() : noExecution;
    }

    private Explained generic(StatementDraft first) throws MalformedPlanException, RefusedException {
        var prepared = drafting.prepared(first);
        checkFunctions(FunctionNames.in(prepared.draft().text()), Reach.PREPARED);
        try {
            return plain(prepared);
        } catch (DatabaseException refused) {
            if (!NO_WRITING.contains(refused.sqlState().code())) {
                throw refused;
            }
            var side = ReadSide.of(first);
            if (side.isEmpty() || ReadSide.insertsValues(first.text())) {
                throw refused;
            }
            noExecution = "this is the read side of a statement that writes or locks";
            return plain(drafting.prepared(side.get()));
        }
    }

    private Explained plain(Prepared prepared) throws MalformedPlanException {
        var arguments = Preparation.nulls(prepared.types().size());
        return new Explained(prepared, preparation.explain(PLAIN, arguments), List.of(), arguments, ValuesFrom.NONE);
    }

    /** The worst of the plans for values that are to be had; the generic one if there are none. */
    private Explained withValues(Explained generic) {
        int parameters = generic.prepared().types().size();
        if (parameters == 0) {
            return generic;
        }
        var _ = session.query(CACHE_MODE, row -> row, "force_custom_plan");
        preparation.savepoint();
        if (!request.values().isEmpty()) {
            if (request.values().size() != parameters) {
                notes.add("the request brings %d values for %d parameters: this is the generic plan"
                        .formatted(request.values().size(), parameters));
                return generic;
            }
            return custom(generic, request.values(), ValuesFrom.REQUEST, "values of the request");
        }
        var active = ActivityValues.of(session, request.queryId(), request.text());
        if (active.isPresent() && active.get().size() == parameters) {
            return custom(generic, active.get(), ValuesFrom.ACTIVITY, "values of a session");
        }
        Explained worst = generic;
        var candidates = new StatisticsValues(session)
                .of(generic.plan().plan(), generic.prepared().draft().text(), parameters);
        for (var candidate : candidates) {
            var next = custom(generic, candidate.values(), ValuesFrom.STATISTICS, candidate.label());
            if (next.from() == ValuesFrom.STATISTICS
                    && (worst.from() == ValuesFrom.NONE || next.cost() > worst.cost())) {
                worst = next;
                notes.removeIf(note -> note.startsWith("worst of three"));
                notes.add("worst of three plans: that for " + candidate.label());
            }
        }
        return worst;
    }

    private Explained custom(Explained generic, List<@Nullable String> values, ValuesFrom from, String what) {
        try {
            var arguments = Arguments.of(session, generic.prepared().types(), values);
            var plan = preparation.explain(PLAIN, arguments);
            if (!folded(plan) || folded(generic.plan())) {
                return new Explained(generic.prepared(), plan, values, arguments, from);
            }
            notes.add("with " + what + " the planner proves that there is no row: this is the generic plan");
        } catch (DatabaseException failure) {
            if (failure.sqlState().connectionLost()) {
                throw failure;
            }
            notes.add("%s did not fit (SQLSTATE %s): this is the generic plan"
                    .formatted(what, failure.sqlState().code()));
        } catch (MalformedPlanException unreadable) {
            notes.add("the plan with " + what + " could not be read: this is the generic plan");
        }
        return generic;
    }

    /** NULL makes most conditions false, and a plan of nothing. */
    private static boolean folded(RedactedPlan plan) {
        return plan.plan().nodes().stream()
                .anyMatch(node -> node.type() == NodeType.RESULT
                        && "false".equals(node.conditions().oneTimeFilter()));
    }

    private Explained executed(Explained plain) throws MalformedPlanException, RefusedException {
        if (layers.contains(Layer.KIND)) {
            noExecution = KindCheck.objection(request.text())
                    .or(() -> KindCheck.objection(plain.plan().plan()))
                    .orElse(noExecution);
        }
        checkFunctions(FunctionNames.in(plain.plan().plan(), plain.plan().json()), Reach.TEXT);
        if (noExecution == null
                && plain.from() == ValuesFrom.NONE
                && !plain.arguments().isEmpty()) {
            noExecution = "no values are known for its parameters";
        }
        if (noExecution == null && layers.contains(Layer.CEILING)) {
            noExecution = execution
                    .tooLong(plain.plan().plan(), request.expectedMillis())
                    .or(() -> execution.tooLarge(plain.plan().plan()))
                    .orElse(null);
        }
        if (noExecution != null) {
            notes.add("EXPLAIN ANALYZE was left out: " + noExecution);
            return plain;
        }
        if (plain.from() != ValuesFrom.NONE) {
            // Of several candidates the last one's are still set, or none where a failure went back to the savepoint.
            var _ = Arguments.of(session, plain.prepared().types(), plain.values());
        }
        var outcome = execution.run(plain.arguments());
        var plan = outcome.plan();
        if (plan == null) {
            notes.add(outcome.note());
            return plain;
        }
        if (plain.isParallel()) {
            notes.add(
                    "executed by one process, and planned for parallel workers: the application has them, and another plan");
        }
        return new Explained(plain.prepared(), plan, plain.values(), plain.arguments(), plain.from());
    }

    /** A plan, and with what it was made: values, and the expressions by which EXECUTE is given them. */
    private record Explained(
            Prepared prepared,
            RedactedPlan plan,
            List<@Nullable String> values,
            List<String> arguments,
            ValuesFrom from) {
        boolean isParallel() {
            return plan.plan().nodes().stream()
                    .anyMatch(node -> node.type() == NodeType.GATHER || node.type() == NodeType.GATHER_MERGE);
        }

        double cost() {
            var estimate = plan.plan().root().estimate();
            return estimate == null ? 0 : estimate.totalCost();
        }
    }

    /** A layer's no, on its way out. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final Layer layer;

        RefusedException(Layer layer, String reason) {
            super(reason);
            this.layer = layer;
        }

        Layer layer() {
            return layer;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
