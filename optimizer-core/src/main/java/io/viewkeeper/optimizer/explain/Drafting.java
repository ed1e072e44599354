// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.database.DatabaseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** From a text as it came to one that the server prepares: tries, mends what it is told, tries again. */
final class Drafting {
    private final Preparation preparation;
    private final SearchPath searchPath;
    private final int attempts;
    private boolean gaveUp;

    Drafting(Preparation preparation, SearchPath searchPath, int attempts) {
        this.preparation = preparation;
        this.searchPath = searchPath;
        this.attempts = attempts;
    }

    /** @throws DatabaseException the first one, when nothing helps: later ones are about texts of ours */
    Prepared prepared(StatementDraft first) {
        var draft = Repairs.beforehand(first);
        var seen = new HashSet<StatementDraft>();
        DatabaseException cause = null;
        int attempt = 0;
        for (; attempt < attempts && seen.add(draft); attempt++) {
            try {
                return new Prepared(draft, preparation.prepare(draft));
            } catch (DatabaseException failure) {
                cause = cause == null ? failure : cause;
                if (failure.sqlState().connectionLost()) {
                    throw failure;
                }
                Integer place = preparation.errorAt(draft, failure);
                var current = draft;
                Optional<StatementDraft> mended = Repairs.after(failure, first, draft, place)
                        .or(() -> searchPath.extended(failure, current, place));
                if (mended.isEmpty()) {
                    break;
                }
                // Or the next failure would take back what was set.
                preparation.savepoint();
                draft = mended.get();
            }
        }
        gaveUp = attempt == attempts;
        if (cause == null) {
            throw new IllegalStateException("no attempt was allowed");
        }
        throw cause;
    }

    /** What would help where mending a text was given up. */
    Optional<String> hint() {
        return gaveUp
                ? Optional.of("After %d attempts at mending it the server still refuses it: send it with values."
                        .formatted(attempts))
                : Optional.empty();
    }

    /** @param types of its parameters */
    record Prepared(StatementDraft draft, List<String> types) {}
}
