package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private ActivityValues() {}

    static Optional<List<@Nullable String>> of(MeteredSession session, @Nullable Long queryId, String normalised) {
        if (queryId == null) {
            return Optional.empty();
        }
        return session.query(TEXTS, row -> row.getString(0), queryId).stream()
                .flatMap(text -> aligned(normalised, text).stream())
                .findFirst();
    }

    /** What stands in the one text where the other has parameters; empty where they differ in anything else. */
    static Optional<List<@Nullable String>> aligned(String normalised, String literal) {
        var pattern = SqlLexer.meaning(normalised);
        var found = SqlLexer.meaning(literal);
        var values = new TreeMap<Integer, String>();
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
            at = afterList(normalised, token, found, at);
            values.put(Integer.parseInt(token.text().substring(1)), value);
        }
        boolean complete = at >= found.size() || found.get(at).isPunctuation(";");
        return complete && !values.isEmpty() && values.lastKey() == values.size()
                ? Optional.of(listOf(values))
                : Optional.empty();
    }

    private static List<@Nullable String> listOf(Map<Integer, String> values) {
        var list = new ArrayList<@Nullable String>();
        values.values().forEach(value -> list.add(value.isEmpty() ? null : value.substring(1)));
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

    /** 18 keeps the first value of a list alone: the others are passed over. */
    private static int afterList(String normalised, SqlToken parameter, List<SqlToken> found, int from) {
        if (!normalised.startsWith(" /*, ... */", parameter.end())) {
            return from;
        }
        int at = from;
        while (at < found.size() && found.get(at).isPunctuation(",") && valueLength(found, at + 1) > 0) {
            at += 1 + valueLength(found, at + 1);
        }
        return at;
    }
}
