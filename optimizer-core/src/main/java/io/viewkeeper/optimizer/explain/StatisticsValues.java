// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Comparisons.Column;
import io.viewkeeper.optimizer.explain.Comparisons.Comparison;
import io.viewkeeper.optimizer.explain.Drafting.Prepared;
import io.viewkeeper.optimizer.plan.Plan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Values that columns have, for parameters that are compared with columns. */
final class StatisticsValues {
    private static final String STATISTICS = """
            /* viewkeeper:explain */
            select
              s.most_common_vals::text::text[],
              s.histogram_bounds::text::text[],
              (
                select pg_catalog.format('collate %I.%I', m.nspname, l.collname)
                from pg_catalog.pg_attribute a
                join pg_catalog.pg_collation l on l.oid = a.attcollation
                join pg_catalog.pg_namespace m on m.oid = l.collnamespace
                where a.attrelid = c.oid
                  and a.attname = $3
              )
            from pg_catalog.pg_stats s
            join pg_catalog.pg_namespace n on n.nspname = s.schemaname
            join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = s.tablename
            where s.schemaname = $1
              and s.tablename = $2
              and s.attname = $3
            order by s.inherited desc
            limit 1""";

    static final int MOST_PARAMETERS = 100;

    private final MeteredSession session;
    private final Preparation preparation;
    private final Prepared prepared;
    private final Map<Column, Optional<Statistics>> known = new HashMap<>();
    private final TreeSet<String> assumptions = new TreeSet<>();

    StatisticsValues(MeteredSession session, Preparation preparation, Prepared prepared) {
        this.session = session;
        this.preparation = preparation;
        this.prepared = prepared;
    }

    /** What was assumed where no statistics tell. */
    List<String> assumptions() {
        return List.copyOf(assumptions);
    }

    /** Up to three sets of values; none where a parameter's values are anybody's guess. */
    List<Candidate> of(Plan generic, int parameters) {
        var comparisons = Comparisons.in(generic);
        var choices = new ArrayList<Choice>();
        var tokens = Tokens.of(prepared.draft().text());
        for (int parameter = 1; parameter <= parameters; parameter++) {
            var comparison = comparisons.get(parameter);
            var choice = comparison == null
                    ? counted(tokens, parameter)
                    : compared(comparison, comparisons, prepared.types().get(parameter - 1));
            if (choice.isEmpty()) {
                return List.of();
            }
            choices.add(choice.get());
        }
        boolean ranges = comparisons.values().stream().anyMatch(Comparison::isRange);
        boolean others = !comparisons.values().stream().allMatch(Comparison::isRange);
        return List.of(
                new Candidate(
                        ValuesFrom.STATISTICS_MOST_COMMON,
                        label(others ? "the most common values" : "", ranges ? "the widest ranges" : ""),
                        values(choices, 0)),
                new Candidate(
                        ValuesFrom.STATISTICS_MEDIAN,
                        label(others ? "values in the middle" : "", ranges ? "ranges of half of the values" : ""),
                        values(choices, 1)),
                new Candidate(
                        ValuesFrom.STATISTICS_RAREST,
                        label(others ? "the rarest values" : "", ranges ? "the narrowest ranges" : ""),
                        values(choices, 2)));
    }

    private static String label(String values, String ranges) {
        return values.isEmpty() || ranges.isEmpty() ? values + ranges : values + " and " + ranges;
    }

    private static List<@Nullable String> values(List<Choice> choices, int kind) {
        var values = new ArrayList<@Nullable String>();
        choices.forEach(choice -> values.add(choice.values().get(kind)));
        return values;
    }

    /** LIMIT and OFFSET, which are compared with nothing. */
    private Optional<Choice> counted(Tokens tokens, int parameter) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.parameter(i) == parameter && tokens.word(i - 1, "limit", "first", "next")) {
                assumptions.add("LIMIT is taken for 100");
                return Optional.of(Choice.of("100", "100", "100"));
            }
            if (tokens.parameter(i) == parameter && tokens.word(i - 1, "offset")) {
                assumptions.add("OFFSET is taken for 0");
                return Optional.of(Choice.of("0", "0", "0"));
            }
        }
        return Optional.empty();
    }

    private Optional<Choice> compared(Comparison comparison, Map<Integer, Comparison> all, String type) {
        return known.computeIfAbsent(comparison.column(), this::statistics).flatMap(statistics -> {
            if (comparison.isRange()) {
                boolean between = all.values().stream().anyMatch(comparison::closesRangeOf);
                return sorted(statistics, comparison, type)
                        .filter(values -> values.size() > 1)
                        .map(values -> range(values, comparison.operator().startsWith(">"), between))
                        .map(choice -> wrapped(choice, comparison));
            }
            return Optional.of(wrapped(statistics.choice(comparison), comparison));
        });
    }

    private static Choice wrapped(Choice choice, Comparison comparison) {
        return comparison.list() == Comparison.InList.ARRAY ? choice.asArrays() : choice;
    }

    private Optional<Statistics> statistics(Column column) {
        return session.queryFirst(
                        STATISTICS,
                        row -> new Statistics(
                                known(row.getArrayOfStrings(0)), known(row.getArrayOfStrings(1)), row.getString(2)),
                        column.schema(),
                        column.relation(),
                        column.name())
                .filter(statistics -> !statistics.all().isEmpty());
    }

    /** Common values come in the order of their frequency, and bounds without them. */
    private Optional<List<String>> sorted(Statistics statistics, Comparison comparison, String type) {
        String of = comparison.list() == Comparison.InList.ARRAY && type.endsWith("[]")
                ? type.substring(0, type.length() - 2)
                : type;
        String collation = statistics.collation();
        // As the comparison itself orders them.
        String sql = """
            /* viewkeeper:explain */
            select pg_catalog.array_agg(v.value::text order by v.value %2$s)
            from (select u.value from pg_catalog.unnest($1::text[]::%1$s[]) as u (value) group by u.value) as v
            """.formatted(of, collation == null ? "" : collation);
        return preparation.attempt(() -> session.queryOne(sql, row -> List.of(row.getArrayOfStrings(0)), (Object)
                statistics.all().toArray(String[]::new)));
    }

    /**
     * The widest, the middle and the narrowest range that the values make, none of them empty, and none that ends before it
     * begins: parameters that bound one column from both sides are chosen together.
     */
    private static Choice range(List<String> sorted, boolean from, boolean between) {
        int last = sorted.size() - 1;
        String first = sorted.getFirst();
        if (between) {
            int middle = Math.min(sorted.size() / 2, last - 1);
            int quarter = last / 4;
            return from
                    ? Choice.of(first, sorted.get(quarter), sorted.get(middle))
                    : Choice.of(sorted.getLast(), sorted.get(last - quarter), sorted.get(middle + 1));
        }
        String middle = sorted.get(sorted.size() / 2);
        return from
                ? Choice.of(first, middle, sorted.get(last - 1))
                : Choice.of(sorted.getLast(), middle, sorted.get(1));
    }

    /** @param values of $1, $2 ... */
    record Candidate(ValuesFrom from, String label, List<@Nullable String> values) {
        @Override
        public String toString() {
            return label;
        }
    }

    /** @param values the most common, one in the middle, the rarest */
    private record Choice(List<@Nullable String> values) {
        static Choice of(@Nullable String common, @Nullable String median, @Nullable String rare) {
            var values = new ArrayList<@Nullable String>();
            values.add(common);
            values.add(median);
            values.add(rare);
            return new Choice(values);
        }

        Choice asArrays() {
            var arrays = new ArrayList<@Nullable String>();
            values.forEach(value -> arrays.add(value == null ? null : array(value)));
            return new Choice(arrays);
        }

        private static String array(String value) {
            return "{\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
        }
    }

    /** Empty where there is nothing, or something that no value stands for. */
    private static List<String> known(@Nullable String @Nullable [] values) {
        var known = new ArrayList<String>();
        for (String value : values == null ? new String[0] : values) {
            if (value == null) {
                return List.of();
            }
            known.add(value);
        }
        return known;
    }

    /**
     * Of a column.
     *
     * @param common the most common first
     * @param bounds of a histogram of the others
     */
    private record Statistics(
            List<String> common,
            List<String> bounds,
            @Nullable String collation) {
        List<String> all() {
            var all = new ArrayList<>(common);
            all.addAll(bounds);
            return all;
        }

        /** Each place of a list gets another value. */
        Choice choice(Comparison comparison) {
            var mostCommon = all();
            var rarest = new ArrayList<>(mostCommon);
            Collections.reverse(rarest);
            var middle = new ArrayList<>(bounds.isEmpty() ? common : bounds);
            Collections.rotate(middle, -middle.size() / 2);
            middle.addAll(bounds.isEmpty() ? List.of() : common);
            return Choice.of(at(mostCommon, comparison), at(middle, comparison), at(rarest, comparison));
        }

        /** Beyond what is known nothing is added to a list: NULL in IN, again the last in NOT IN, which NULL would make false. */
        private static @Nullable String at(List<String> values, Comparison comparison) {
            int position = comparison.position();
            if (position < values.size()) {
                return values.get(position);
            }
            return comparison.list() == Comparison.InList.ALL ? values.getLast() : null;
        }
    }
}
