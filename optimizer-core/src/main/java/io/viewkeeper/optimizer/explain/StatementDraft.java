// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * A text on its way to one that the server prepares.
 *
 * @param types of parameters, by number; the server finds out the rest
 * @param notes what was mended
 * @param repairs of which kinds
 */
record StatementDraft(String text, NavigableMap<Integer, String> types, List<String> notes, Set<Repair> repairs) {
    StatementDraft {
        notes = List.copyOf(notes);
        repairs = Set.copyOf(repairs);
    }

    static StatementDraft of(String text) {
        return new StatementDraft(text, new TreeMap<>(), List.of(), Set.of());
    }

    StatementDraft withText(String mended, Repair repair, String note) {
        return new StatementDraft(mended, types, with(notes, note), with(repairs, repair));
    }

    StatementDraft withTypes(List<Integer> parameters, String type) {
        var all = new TreeMap<>(types);
        parameters.forEach(parameter -> all.put(parameter, type));
        String names = String.join(
                ", ", parameters.stream().map(parameter -> "$" + parameter).toList());
        return new StatementDraft(
                text,
                all,
                with(notes, "repaired: " + names + " taken for " + type),
                with(repairs, Repair.PARAMETER_TYPES));
    }

    StatementDraft withTypesOf(StatementDraft other) {
        var allNotes = new LinkedHashSet<>(other.notes());
        allNotes.addAll(notes);
        var allRepairs = new HashSet<>(other.repairs());
        allRepairs.addAll(repairs);
        return new StatementDraft(text, other.types(), List.copyOf(allNotes), allRepairs);
    }

    private static List<String> with(List<String> notes, String note) {
        var all = new LinkedHashSet<>(notes);
        all.add(note);
        return List.copyOf(all);
    }

    private static Set<Repair> with(Set<Repair> repairs, Repair repair) {
        var all = EnumSet.of(repair);
        all.addAll(repairs);
        return all;
    }

    /** Statement to prepare it as. Everything before the text is ASCII, so that error positions need no more than a shift. */
    String prepare(String name) {
        return head(name) + text;
    }

    /** What stands before the text. */
    String head(String name) {
        return "/* viewkeeper:explain */ prepare " + name + typeList() + " as\n";
    }

    private String typeList() {
        if (types.isEmpty()) {
            return "";
        }
        var list = new ArrayList<String>();
        for (int i = 1; i <= types.lastKey(); i++) {
            list.add(types.getOrDefault(i, "unknown"));
        }
        return " (" + String.join(", ", list) + ")";
    }

    List<SqlToken> meaning() {
        return SqlLexer.meaning(text);
    }
}
