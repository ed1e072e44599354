// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.database.DatabaseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What normalisation broke, mended one error at a time. */
final class Repairs {
    private Repairs() {}

    /** What is broken in every version, known without trying. */
    static StatementDraft beforehand(StatementDraft draft) {
        return TypedLiterals.mended(draft);
    }

    /**
     * @param first the draft as it came
     * @param place of the error in the text; null if unknown
     */
    static Optional<StatementDraft> after(
            DatabaseException failure, StatementDraft first, StatementDraft draft, @Nullable Integer place) {
        var tokens = Tokens.of(draft.text());
        int at = place == null ? -1 : tokens.indexAt(place);
        String sqlState = failure.sqlState().code();
        return switch (sqlState) {
            case "42601" -> TypedLiterals.mendedAt(draft, tokens, at);
            case "42803", "42P10" ->
                GroupedConstants.mended(first).map(Repairs::beforehand).map(mended -> mended.withTypesOf(draft));
            default -> new TypeLadder(draft, tokens).mended(sqlState, failure.serverMessage(), at);
        };
    }
}
