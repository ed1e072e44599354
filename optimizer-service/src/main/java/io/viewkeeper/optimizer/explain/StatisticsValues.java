package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.plan.Conditions;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.schema.sql.QuotedName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Values that columns have, for parameters that are compared with columns. */
final class StatisticsValues {
    private static final String STATISTICS = """
            /* viewkeeper:explain */
            select s.most_common_vals::text::text[], s.histogram_bounds::text::text[]
            from pg_catalog.pg_stats s
            where s.schemaname = $1
              and s.tablename = $2
              and s.attname = $3
            order by s.inherited desc
            limit 1""";

    private static final int MOST_PARAMETERS = 30;

    private final MeteredSession session;

    StatisticsValues(MeteredSession session) {
        this.session = session;
    }

    /** Up to three sets of values; none where a parameter's values are anybody's guess. */
    List<Candidate> of(Plan generic, String text, int parameters) {
        if (parameters == 0 || parameters > MOST_PARAMETERS) {
            return List.of();
        }
        var common = new ArrayList<@Nullable String>();
        var median = new ArrayList<@Nullable String>();
        var rare = new ArrayList<@Nullable String>();
        var comparisons = comparisons(generic);
        var tokens = Tokens.of(text);
        for (int parameter = 1; parameter <= parameters; parameter++) {
            var comparison = comparisons.get(parameter);
            boolean between =
                    comparison != null && comparisons.values().stream().anyMatch(comparison::closesRangeOf);
            var choice = choice(comparison, between, tokens, parameter);
            if (choice.isEmpty()) {
                return List.of();
            }
            common.add(choice.get().common());
            median.add(choice.get().median());
            rare.add(choice.get().rare());
        }
        return Stream.of(
                        new Candidate("the most common values", common),
                        new Candidate("median values", median),
                        new Candidate("the rarest values", rare))
                .toList();
    }

    /** @param between whether another parameter bounds the same column from the other side */
    private Optional<Choice> choice(@Nullable Comparison comparison, boolean between, Tokens tokens, int parameter) {
        if (comparison != null) {
            return session.queryFirst(
                            STATISTICS,
                            row -> new Statistics(known(row.getArrayOfStrings(0)), known(row.getArrayOfStrings(1))),
                            comparison.schema(),
                            comparison.relation(),
                            comparison.column())
                    .flatMap(statistics -> statistics.choice(comparison.operator(), between))
                    .map(choice -> comparison.array() ? choice.asArrays() : choice);
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.parameter(i) == parameter && tokens.word(i - 1, "limit", "first", "next")) {
                return Optional.of(new Choice("100", "100", "100"));
            }
            if (tokens.parameter(i) == parameter && tokens.word(i - 1, "offset")) {
                return Optional.of(new Choice("0", "0", "0"));
            }
        }
        return Optional.empty();
    }

    private static Map<Integer, Comparison> comparisons(Plan plan) {
        var aliases = new HashMap<String, PlanNode>();
        for (PlanNode node : plan.nodes()) {
            if (node.target().alias() != null
                    && node.target().relation() != null
                    && node.target().schema() != null) {
                aliases.put(node.target().alias(), node);
            }
        }
        var found = new HashMap<Integer, Comparison>();
        for (PlanNode node : plan.nodes()) {
            conditions(node.conditions())
                    .forEach(condition -> addComparisons(Tokens.of(condition), node, aliases, found));
        }
        return found;
    }

    private static Stream<String> conditions(Conditions conditions) {
        return Stream.of(
                        conditions.indexCond(),
                        conditions.filter(),
                        conditions.recheckCond(),
                        conditions.joinFilter(),
                        conditions.hashCond(),
                        conditions.mergeCond())
                .filter(Objects::nonNull);
    }

    /** {@code alias.column op $n}, with casts and parentheses around either. */
    private static void addComparisons(
            Tokens tokens, PlanNode node, Map<String, PlanNode> aliases, Map<Integer, Comparison> found) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.parameter(i) == 0 || found.containsKey(tokens.parameter(i))) {
                continue;
            }
            int operator = i - 1;
            while (tokens.sign(operator, "(") || tokens.word(operator, "any", "all")) {
                operator--;
            }
            if (!tokens.operator(operator)) {
                continue;
            }
            int last = operator - 1;
            if (tokens.name(last) && tokens.sign(last - 1, "::")) {
                last -= 2;
            }
            while (tokens.sign(last, ")")) {
                last--;
            }
            if (!tokens.name(last)) {
                continue;
            }
            String column = QuotedName.unquotedOrSame(tokens.at(last).text());
            String alias = tokens.sign(last - 1, ".") && tokens.name(last - 2)
                    ? QuotedName.unquotedOrSame(tokens.at(last - 2).text())
                    : node.target().alias();
            PlanNode scan = alias == null ? null : aliases.get(alias);
            String schema = scan == null ? null : scan.target().schema();
            String relation = scan == null ? null : scan.target().relation();
            if (schema != null && relation != null) {
                boolean array = tokens.word(operator + 1, "any", "all");
                found.put(
                        tokens.parameter(i),
                        new Comparison(
                                schema, relation, column, tokens.at(operator).text(), array));
            }
        }
    }

    /** @param label for a note
     * @param values of $1, $2 … */
    record Candidate(String label, List<@Nullable String> values) {
        @Override
        public String toString() {
            return label;
        }
    }

    private record Comparison(String schema, String relation, String column, String operator, boolean array) {
        boolean isFrom() {
            return operator.startsWith(">");
        }

        boolean isTo() {
            return operator.startsWith("<") && !operator.equals("<>");
        }

        boolean closesRangeOf(Comparison other) {
            return ((isFrom() && other.isTo()) || (isTo() && other.isFrom()))
                    && schema.equals(other.schema)
                    && relation.equals(other.relation)
                    && column.equals(other.column);
        }
    }

    private record Choice(String common, String median, String rare) {
        Choice asArrays() {
            return new Choice(array(common), array(median), array(rare));
        }

        private static String array(String value) {
            return "{\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
        }
    }

    /** Null where there is nothing, or something that no value stands for. */
    private static @Nullable List<String> known(@Nullable String @Nullable [] values) {
        if (values == null) {
            return null;
        }
        var known = new ArrayList<String>();
        for (String value : values) {
            if (value == null) {
                return null;
            }
            known.add(value);
        }
        return known;
    }

    private record Statistics(
            @Nullable List<String> commonValues, @Nullable List<String> bounds) {
        /**
         * For ranges the widest, the middle and the narrowest, which begins where it ends where it has both; else the most and the
         * least common, and one between.
         */
        Optional<Choice> choice(String operator, boolean between) {
            var values = bounds == null || bounds.isEmpty() ? commonValues : bounds;
            if (values == null || values.isEmpty()) {
                return Optional.empty();
            }
            String low = values.getFirst();
            String middle = values.get(values.size() / 2);
            String high = values.getLast();
            if (between) {
                return Optional.of(
                        operator.startsWith(">")
                                ? new Choice(low, values.get(values.size() / 4), middle)
                                : new Choice(high, values.get(values.size() * 3 / 4), middle));
            }
            if (operator.startsWith(">")) {
                return Optional.of(new Choice(low, middle, high));
            }
            if (operator.startsWith("<") && !operator.equals("<>")) {
                return Optional.of(new Choice(high, middle, low));
            }
            if (commonValues == null || commonValues.isEmpty()) {
                return Optional.of(new Choice(low, middle, high));
            }
            return Optional.of(new Choice(commonValues.getFirst(), middle, commonValues.getLast()));
        }
    }
}
