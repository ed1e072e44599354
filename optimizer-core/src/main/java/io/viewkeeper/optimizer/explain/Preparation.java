// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.database.SqlState;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Prepares texts and explains them, inside a transaction that is another's to begin and to end. */
final class Preparation {
    private static final String SAVEPOINT = "/* viewkeeper:explain */ savepoint viewkeeper_explain";
    private static final String BACK = "/* viewkeeper:explain */ rollback to savepoint viewkeeper_explain";

    private static final String PARAMETER_TYPES = """
            /* viewkeeper:explain */
            select p.parameter_types::text[]
            from pg_catalog.pg_prepared_statements p
            where p.name = $1""";

    /** One name for all: the server's statistics of statements would otherwise hold an entry for each. */
    private static final String NAME = "viewkeeper_explain";

    private static final SqlState NAME_TAKEN = new SqlState("42P05");

    private final MeteredSession session;
    private final Set<Layer> layers;
    private String name = NAME;
    private boolean prepared;

    Preparation(MeteredSession session, Set<Layer> layers) {
        this.session = session;
        this.layers = layers;
    }

    /** Where a failure goes back to: what was set before it stays. */
    void savepoint() {
        session.command(SAVEPOINT);
    }

    /** @return types of its parameters as the server found them */
    List<String> prepare(StatementDraft draft) {
        forget();
        try {
            send(draft);
        } catch (DatabaseException taken) {
            if (!taken.sqlState().equals(NAME_TAKEN)) {
                throw taken;
            }
            // Left by somebody else in a session that a pooler shares out.
            name = NAME + "_" + UUID.randomUUID().toString().replace("-", "");
            send(draft);
        }
        prepared = true;
        return session.queryOne(PARAMETER_TYPES, row -> List.of(row.getArrayOfStrings(0)), name);
    }

    private void send(StatementDraft draft) {
        try {
            if (layers.contains(Layer.ONE_STATEMENT)) {
                session.one(draft.prepare(name));
            } else {
                session.command(draft.prepare(name));
            }
        } catch (DatabaseException failure) {
            back(failure);
            throw failure;
        }
    }

    /** Where the text's error is, as an index into it; null where the server did not say. */
    @Nullable
    Integer errorAt(StatementDraft draft, DatabaseException failure) {
        Integer position = failure.position();
        if (position == null) {
            return null;
        }
        int characters = position - 1 - draft.head(name).length();
        int length = draft.text().codePointCount(0, draft.text().length());
        if (characters < 0 || characters > length) {
            return null;
        }
        return draft.text().offsetByCodePoints(0, characters);
    }

    /** @param arguments expressions, as many as there are parameters */
    RedactedPlan explain(String options, List<String> arguments) throws MalformedPlanException {
        String sql = "/* viewkeeper:explain */ explain (" + options + ", format json) execute " + name
                + (arguments.isEmpty() ? "" : "(" + String.join(", ", arguments) + ")");
        try {
            String json = session.queryOne(sql, row -> String.valueOf(row.getValue(0)));
            return RedactedPlan.of(json);
        } catch (DatabaseException failure) {
            back(failure);
            throw failure;
        }
    }

    /** Empty where the server refuses; what was set before the savepoint stays. */
    <T> Optional<T> attempt(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (DatabaseException failure) {
            if (failure.sqlState().connectionLost()) {
                throw failure;
            }
            back(failure);
            return Optional.empty();
        }
    }

    static List<String> nulls(int parameters) {
        return Collections.nCopies(parameters, "null");
    }

    /** A prepared statement survives the transaction that made it. */
    void forget() {
        if (prepared) {
            prepared = false;
            session.command("/* viewkeeper:explain */ deallocate " + name);
        }
    }

    private void back(DatabaseException failure) {
        if (!failure.sqlState().connectionLost()) {
            session.command(BACK);
        }
    }
}
