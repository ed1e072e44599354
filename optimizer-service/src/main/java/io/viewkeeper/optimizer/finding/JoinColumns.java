package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Columns in a condition as EXPLAIN VERBOSE writes it, {@code alias.column}; names as the server quotes them. */
final class JoinColumns {

    /**
     * One column.
     *
     * @param start index of the first token of what is compared: the column, with parentheses and a cast to text around it
     * @param end of its last token
     */
    private record Column(String alias, String name, int start, int end) {}

    private final List<SqlToken> tokens;
    private final List<Column> columns;

    private JoinColumns(@Nullable String condition) {
        this.tokens = condition == null ? List.of() : SqlLexer.meaning(condition);
        this.columns = columns(tokens);
    }

    /** Names of the tables, as the statement calls them, whose columns a condition mentions. */
    static Set<String> aliases(String condition) {
        return new JoinColumns(condition)
                .columns.stream().map(Column::alias).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The columns of a scan that its conditions equate with columns of other tables, unquoted. */
    static List<String> ofScan(PlanNode scan) {
        String alias = scan.target().alias();
        if (alias == null) {
            return List.of();
        }
        return Stream.of(scan.conditions().filter(), scan.conditions().joinFilter())
                .filter(Objects::nonNull)
                .flatMap(condition -> new JoinColumns(condition).equatedColumnsOf(alias).stream())
                .distinct()
                .toList();
    }

    /** {@code create index concurrently on "public"."orders" ("customer_id")}; empty where no column is compared. */
    static Optional<String> indexFor(PlanNode scan) {
        var names = ofScan(scan);
        if (names.isEmpty() || scan.target().relation() == null) {
            return Optional.empty();
        }
        String list = names.stream().map(Wording::quoted).collect(Collectors.joining(", "));
        return Optional.of("create index concurrently on " + Wording.quotedRelation(scan) + " (" + list + ")");
    }

    private List<String> equatedColumnsOf(String alias) {
        var found = new ArrayList<String>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).kind() == Kind.OPERATOR && tokens.get(i).text().equals("=")) {
                int sign = i;
                var left = column(column -> column.end() == sign - 1);
                var right = column(column -> column.start() == sign + 1);
                if (left != null && right != null && !left.alias().equals(right.alias())) {
                    Stream.of(left, right)
                            .filter(column -> column.alias().equals(alias))
                            .map(Column::name)
                            .forEach(found::add);
                }
            }
        }
        return found;
    }

    private @Nullable Column column(Predicate<Column> wanted) {
        return columns.stream()
                .filter(wanted)
                .filter(column -> !isSign(tokens, column.end() + 1, "::"))
                .findFirst()
                .orElse(null);
    }

    private static List<Column> columns(List<SqlToken> tokens) {
        var found = new ArrayList<Column>();
        for (int i = 0; i + 2 < tokens.size(); i++) {
            if (isName(tokens.get(i)) && tokens.get(i + 1).isPunctuation(".") && isName(tokens.get(i + 2))) {
                found.add(bare(tokens, name(tokens.get(i)), name(tokens.get(i + 2)), i));
                i += 2;
            }
        }
        return found;
    }

    /** Around a column an index still serves: parentheses, and the cast of a varchar to text. */
    private static Column bare(List<SqlToken> tokens, String alias, String name, int from) {
        int start = from;
        int end = from + 2;
        while (true) {
            if (isSign(tokens, start - 1, "(") && isSign(tokens, end + 1, ")") && !isCall(tokens, start - 1)) {
                start--;
                end++;
            } else if (isSign(tokens, end + 1, "::")
                    && end + 2 < tokens.size()
                    && tokens.get(end + 2).isWord("text")) {
                end += 2;
            } else {
                return new Column(alias, name, start, end);
            }
        }
    }

    private static boolean isSign(List<SqlToken> tokens, int at, String sign) {
        return at >= 0 && at < tokens.size() && tokens.get(at).isPunctuation(sign);
    }

    private static boolean isCall(List<SqlToken> tokens, int parenthesis) {
        return parenthesis > 0 && isName(tokens.get(parenthesis - 1));
    }

    private static boolean isName(SqlToken token) {
        return token.kind() == Kind.WORD || token.kind() == Kind.QUOTED_NAME;
    }

    private static String name(SqlToken token) {
        if (token.kind() == Kind.WORD) {
            return token.text();
        }
        return token.text().substring(1, token.text().length() - 1).replace("\"\"", "\"");
    }
}
