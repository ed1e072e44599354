// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Tokens.Edit;
import java.util.ArrayList;
import java.util.Map;

/**
 * 18 keeps of a list of constants the first alone, with a mark behind it, and not how many there were. A list of one is planned as
 * no list is, so it gets several parameters again.
 */
final class CutLists {
    static final String MARK = " /*, ... */";

    /** Where nobody knows. */
    static final int USUAL = 10;

    private CutLists() {}

    /** @param lengths by the number of the parameter, where they are known */
    static StatementDraft mended(StatementDraft draft, Map<Integer, Integer> lengths) {
        var tokens = Tokens.of(draft.text());
        int next = highest(tokens) + 1;
        var edits = new ArrayList<Edit>();
        var notes = new ArrayList<String>();
        for (int i = 0; i < tokens.size(); i++) {
            int parameter = tokens.parameter(i);
            if (parameter == 0 || !draft.text().startsWith(MARK, tokens.at(i).end())) {
                continue;
            }
            Integer known = lengths.get(parameter);
            // What is not in a list is nearly everything, whatever its length.
            int usual = isIn(tokens, i) ? USUAL : 1;
            int length = known == null ? usual : known;
            var list = new StringBuilder(tokens.at(i).text());
            for (int more = 1; more < length; more++) {
                list.append(", $").append(next++);
            }
            edits.add(new Edit(i, i + 1, list.toString()));
            notes.add(
                    known != null
                            ? "the list of $%d has the %s of a session".formatted(parameter, counted(known))
                            : "how long the list of $%d is, nobody knows: it is taken for %s"
                                    .formatted(parameter, counted(length)));
        }
        var mended = draft;
        for (String note : notes) {
            mended = mended.withText(tokens.edited(edits), Repair.LIST_LENGTHS, note);
        }
        return mended;
    }

    static String counted(int values) {
        return values == 1 ? "1 value" : values + " values";
    }

    private static int highest(Tokens tokens) {
        int highest = 0;
        for (int i = 0; i < tokens.size(); i++) {
            highest = Math.max(highest, tokens.parameter(i));
        }
        return highest;
    }

    /** {@code in ($1}, {@code = any (array[$1}. */
    private static boolean isIn(Tokens tokens, int i) {
        if (tokens.sign(i - 1, "(")) {
            return tokens.word(i - 2, "in") && !tokens.word(i - 3, "not");
        }
        return tokens.sign(i - 1, "[")
                && tokens.word(i - 2, "array")
                && tokens.sign(i - 3, "(")
                && tokens.word(i - 4, "any", "some")
                && tokens.at(i - 5).text().equals("=");
    }
}
