// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values of a statement that somebody executes just now, or did last in his session. */
final class ActivityValues {
    private static final String TEXTS = """
            /* viewkeeper:explain */
            select a.query
            from pg_catalog.pg_stat_activity a
            where a.query_id = $1
              and a.datname = pg_catalog.current_database()
              and a.pid <> pg_catalog.pg_backend_pid()
            order by a.query_start desc
            limit 5""";

    /** Each is a parameter, and a setting of the transaction. */
    private static final int MOST_VALUES = 500;

    private ActivityValues() {}

    /**
     * Values of a statement.
     *
     * @param first of $1, $2 ...; of a list that is cut short its first
     * @param rest of such a list, by its parameter
     */
    record Active(List<@Nullable String> first, NavigableMap<Integer, List<@Nullable String>> rest) {
        /** As {@link CutLists} numbers them, the lists' rest last, in the order of the parameters. */
        List<@Nullable String> all() {
            var all = new ArrayList<@Nullable String>(first);
            rest.values().forEach(all::addAll);
            return all;
        }

        Map<Integer, Integer> lengths() {
            var lengths = new TreeMap<Integer, Integer>();
            rest.forEach((parameter, values) -> lengths.put(parameter, values.size() + 1));
            return lengths;
        }
    }

    /** @param notes told of sessions with too many values */
    static Optional<Active> of(MeteredSession session, @Nullable Long queryId, String normalised, List<String> notes) {
        if (queryId == null) {
            return Optional.empty();
        }
        var all = session.query(TEXTS, row -> row.getString(0), queryId).stream()
                .flatMap(text -> aligned(normalised, text).stream())
                .toList();
        var few = all.stream()
                .filter(active -> active.all().size() <= MOST_VALUES)
                .findFirst();
        if (few.isEmpty() && !all.isEmpty()) {
            notes.add("a session executes it with %d values, more than the %d that are tried"
                    .formatted(all.getFirst().all().size(), MOST_VALUES));
        }
        return few;
    }

    /** What stands in the one text where the other has parameters; empty where they differ in anything else. */
    static Optional<Active> aligned(String normalised, String literal) {
        var pattern = SqlLexer.meaning(normalised);
        var found = SqlLexer.meaning(literal);
        var values = new TreeMap<Integer, String>();
        var rest = new TreeMap<Integer, List<@Nullable String>>();
        int at = 0;
        for (int i = 0; i < pattern.size(); i++) {
            SqlToken token = pattern.get(i);
            if (token.kind() != Kind.PARAMETER) {
                if (at >= found.size() || !same(token, found.get(at))) {
                    // A semicolon at the end is no difference.
                    if (token.isPunctuation(";") && at == found.size()) {
                        continue;
                    }
                    return Optional.empty();
                }
                at++;
                continue;
            }
            int length = valueLength(found, at);
            if (length == 0) {
                return Optional.empty();
            }
            String value = valueOf(found.subList(at, at + length));
            at += length;
            int parameter = Integer.parseInt(token.text().substring(1));
            values.put(parameter, value);
            if (normalised.startsWith(CutLists.MARK, token.end())) {
                var list = restOfList(found, at);
                at += list.tokens();
                rest.put(parameter, list.values());
            }
        }
        boolean complete = at >= found.size() || found.get(at).isPunctuation(";");
        return complete && !values.isEmpty() && values.lastKey() == values.size()
                ? Optional.of(new Active(listOf(values.values()), rest))
                : Optional.empty();
    }

    private static List<@Nullable String> listOf(Collection<String> marked) {
        var list = new ArrayList<@Nullable String>();
        marked.forEach(value -> list.add(value.isEmpty() ? null : value.substring(1)));
        return list;
    }

    private static boolean same(SqlToken one, SqlToken other) {
        return one.kind() == other.kind() && one.folded().equals(other.folded());
    }

    private static int valueLength(List<SqlToken> tokens, int at) {
        if (at >= tokens.size()) {
            return 0;
        }
        SqlToken token = tokens.get(at);
        if (token.kind() == Kind.OPERATOR
                && (token.text().equals("-") || token.text().equals("+"))
                && at + 1 < tokens.size()
                && tokens.get(at + 1).kind() == Kind.NUMBER) {
            return 2;
        }
        boolean value = token.kind() == Kind.STRING
                || token.kind() == Kind.NUMBER
                || token.isWord("true")
                || token.isWord("false")
                || token.isWord("null");
        return value ? 1 : 0;
    }

    /** A mark before each value, so that NULL and the empty text are two things. */
    private static String valueOf(List<SqlToken> tokens) {
        var text = new StringBuilder("=");
        for (SqlToken token : tokens) {
            if (token.isWord("null")) {
                return "";
            }
            text.append(token.kind() == Kind.STRING ? StringLiteral.valueOf(token.text()) : token.text());
        }
        return text.toString();
    }

    /** @param tokens how many it has, commas too */
    private record Rest(List<@Nullable String> values, int tokens) {}

    private static Rest restOfList(List<SqlToken> found, int from) {
        var values = new ArrayList<String>();
        int at = from;
        while (at < found.size() && found.get(at).isPunctuation(",") && valueLength(found, at + 1) > 0) {
            int length = valueLength(found, at + 1);
            values.add(valueOf(found.subList(at + 1, at + 1 + length)));
            at += 1 + length;
        }
        return new Rest(listOf(values), at - from);
    }
}
