package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A text on its way to one that the server prepares.
 *
 * @param types of parameters, by number; the server finds out the rest
 * @param notes what was mended
 */
record StatementDraft(String text, NavigableMap<Integer, String> types, List<String> notes) {
    StatementDraft {
        notes = List.copyOf(notes);
    }

    static StatementDraft of(String text) {
        return new StatementDraft(text, new TreeMap<>(), List.of());
    }

    StatementDraft withText(String mended, String note) {
        return new StatementDraft(mended, types, with(note));
    }

    StatementDraft withTypes(List<Integer> parameters, String type) {
        var all = new TreeMap<>(types);
        parameters.forEach(parameter -> all.put(parameter, type));
        String names = String.join(
                ", ", parameters.stream().map(parameter -> "$" + parameter).toList());
        return new StatementDraft(text, all, with("repaired: " + names + " taken for " + type));
    }

    StatementDraft withTypesOf(StatementDraft other) {
        var all = new ArrayList<>(other.notes());
        notes.stream().filter(note -> !all.contains(note)).forEach(all::add);
        return new StatementDraft(text, other.types(), all);
    }

    private List<String> with(String note) {
        var all = new ArrayList<>(notes);
        if (!all.contains(note)) {
            all.add(note);
        }
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
