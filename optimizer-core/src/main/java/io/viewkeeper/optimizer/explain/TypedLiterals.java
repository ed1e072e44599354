// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Tokens.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mends what the server's grammar takes only with a literal: {@code date $1}, {@code interval $1 day},
 * {@code extract($1 from x)}.
 */
final class TypedLiterals {
    private static final String[] UNITS = {"year", "month", "day", "hour", "minute", "second"};

    private TypedLiterals() {}

    /** Every place where the type is spelled with keywords. */
    static StatementDraft mended(StatementDraft draft) {
        var tokens = Tokens.of(draft.text());
        var edits = new ArrayList<Edit>();
        for (int i = 0; i < tokens.size(); i++) {
            Edit edit = editAt(tokens, i);
            if (edit != null) {
                edits.add(edit);
            }
        }
        return edits.isEmpty()
                ? draft
                : draft.withText(
                        tokens.edited(edits),
                        Repair.LITERAL_CASTS,
                        "repaired: literals that a parameter stands for became casts");
    }

    private static @Nullable Edit editAt(Tokens tokens, int i) {
        if (tokens.word(i, "extract")
                && tokens.sign(i + 1, "(")
                && tokens.parameterAt(i + 2)
                && tokens.word(i + 3, "from")) {
            return new Edit(i, i + 4, "pg_catalog.extract(" + tokens.at(i + 2).text() + ", ");
        }
        if (tokens.word(i, "interval")) {
            return interval(tokens, i);
        }
        if (!tokens.word(i, "date", "time", "timestamp", "timestamptz", "timetz")) {
            return null;
        }
        int next = afterPrecision(tokens, i + 1);
        if (tokens.word(next, "with", "without") && tokens.word(next + 1, "time") && tokens.word(next + 2, "zone")) {
            next += 3;
        }
        return tokens.parameterAt(next)
                ? new Edit(i, next + 1, tokens.at(next).text() + "::" + tokens.slice(i, next))
                : null;
    }

    private static @Nullable Edit interval(Tokens tokens, int i) {
        int next = afterPrecision(tokens, i + 1);
        if (!tokens.parameterAt(next)) {
            return null;
        }
        String parameter = tokens.at(next).text();
        if (!tokens.word(next + 1, UNITS)) {
            return new Edit(i, next + 1, parameter + "::" + tokens.slice(i, next));
        }
        if (!tokens.word(next + 2, "to")) {
            int end = afterPrecision(tokens, next + 2);
            String unit = tokens.at(next + 1).folded();
            return new Edit(i, end, "(" + parameter + "::text || ' " + unit + "')::interval");
        }
        int end = afterPrecision(tokens, next + 4);
        return new Edit(i, end, "(" + parameter + "::interval " + tokens.slice(next + 1, end) + ")");
    }

    private static int afterPrecision(Tokens tokens, int i) {
        return tokens.sign(i, "(") && tokens.sign(i + 2, ")") ? i + 3 : i;
    }

    /** Any type before the parameter at which the server stopped: {@code float8 $1}, {@code public.mood $1}. */
    static Optional<StatementDraft> mendedAt(StatementDraft draft, Tokens tokens, int i) {
        if (!tokens.parameterAt(i)) {
            return Optional.empty();
        }
        int first = i - 1;
        if (tokens.sign(first, ")")) {
            first = tokens.opening(first) - 1;
        }
        if (!tokens.name(first)) {
            return Optional.empty();
        }
        if (tokens.word(first, "precision", "varying")) {
            first--;
        }
        while (tokens.sign(first - 1, ".") && tokens.name(first - 2)) {
            first -= 2;
        }
        var edit = new Edit(first, i + 1, tokens.at(i).text() + "::" + tokens.slice(first, i));
        return Optional.of(draft.withText(
                tokens.edited(List.of(edit)),
                Repair.LITERAL_CASTS,
                "repaired: literals that a parameter stands for became casts"));
    }
}
