// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.ActivityValues.Active;
import io.viewkeeper.optimizer.explain.Drafting.Prepared;
import io.viewkeeper.optimizer.explain.Explanation.Planned;
import io.viewkeeper.optimizer.explain.Explanation.Refused;
import io.viewkeeper.optimizer.explain.Explanation.Unexplained;
import io.viewkeeper.optimizer.explain.SearchPath.UnreadableNameException;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.schema.database.DatabaseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request in one session. */
final class Explaining {
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
    private final SearchPath searchPath;
    private final List<String> notes = new ArrayList<>();
    private @Nullable String noExecution;

    Explaining(MeteredSession session, Protection protection, CostRate rate, ExplainRequest request) {
        ExplainLimits limits = protection.limits();
        this.session = session;
        this.layers = protection.layers();
        this.request = request;
        this.transaction = new SafeTransaction(session, limits, layers.contains(Layer.TRANSACTION));
        this.preparation = new Preparation(session, layers);
        this.searchPath = new SearchPath(session, request.path());
        this.drafting = new Drafting(preparation, searchPath, ExplainLimits.ATTEMPTS);
        this.functions = new FunctionCheck(session, protection.harmlessExtensions());
        this.execution = new Execution(session, transaction, preparation, limits, rate);
    }

    Explanation explain(StatementDraft draft) {
        try {
            transaction.begin();
            return guarded(draft);
        } catch (RefusedException refused) {
            return new Refused(refused.layer(), refused.reason(), session.taken());
        } catch (DatabaseException failure) {
            var sentence = NO_WRITING.contains(failure.sqlState().code()) && ReadSide.insertsValues(draft.text())
                    ? new TextCheck.Verdict(
                            "It inserts single rows: there is nothing to plan.",
                            "Look at its triggers, indexes and foreign keys.")
                    : Failures.sentence(failure, draft.text());
            return new Unexplained(
                    sentence.reason(),
                    failure.sqlState(),
                    List.of(searchPath.hint().or(drafting::hint).orElse(sentence.hint())),
                    session.taken());
        } catch (UnreadableNameException hidden) {
            return new Unexplained(hidden.reason(), null, List.of(hidden.hint()), session.taken());
        } catch (MalformedPlanException unreadable) {
            return new Unexplained(
                    "The server's plan could not be read.",
                    null,
                    List.of("Report it with the server's version."),
                    session.taken());
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

    private Explanation guarded(StatementDraft draft)
            throws MalformedPlanException, RefusedException, UnreadableNameException {
        checkRole();
        checkFunctions(FunctionNames.in(draft.text()), Reach.TEXT);
        if (request.execute() && !transaction.takeTurn()) {
            noExecution = "another execution did not end in time";
        }
        searchPath.assume();
        var _ = session.query(CACHE_MODE, row -> row, "force_generic_plan");
        preparation.savepoint();
        Optional<Active> active = request.values().isEmpty()
                ? ActivityValues.of(session, request.queryId(), request.text(), notes)
                : Optional.empty();
        var generic = generic(
                request.values().isEmpty()
                        ? CutLists.mended(draft, active.map(Active::lengths).orElse(Map.of()))
                        : draft);
        notes.addAll(searchPath.remarks(generic, LockedRelations.of(session), request.queryId()));
        var chosen = withValues(generic, active);
        var explained = request.execute() ? executed(chosen) : chosen;
        var relations = LockedRelations.of(session);
        notes.addAll(0, generic.prepared().draft().notes());
        var repairs = new HashSet<>(generic.prepared().draft().repairs());
        if (chosen.from() == ValuesFrom.NONE && !chosen.prepared().types().isEmpty()) {
            repairs.add(Repair.GENERIC_PLAN);
        }
        return new Planned(
                explained.plan(), chosen.plan(), explained.from(), relations, notes, repairs, session.taken());
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
        return new Explained(
                prepared, preparation.explain(ValueChoice.OPTIONS, arguments), List.of(), arguments, ValuesFrom.NONE);
    }

    private Explained withValues(Explained generic, Optional<Active> active) {
        if (generic.prepared().types().isEmpty()) {
            return generic;
        }
        var _ = session.query(CACHE_MODE, row -> row, "force_custom_plan");
        preparation.savepoint();
        var choice = new ValueChoice(session, preparation, request.values(), active);
        var chosen = choice.of(generic);
        notes.addAll(choice.notes());
        return chosen;
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
                    "executed by one process, while the application's plan has parallel workers: nothing is concluded of memory, spilling and workers");
        }
        return new Explained(plain.prepared(), plan, plain.values(), plain.arguments(), plain.from());
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
