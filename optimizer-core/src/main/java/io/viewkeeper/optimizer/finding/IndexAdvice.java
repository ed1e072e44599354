// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.finding.Clause.Form;
import io.viewkeeper.optimizer.plan.ConditionColumns;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What index serves the filter of a scan, if any does, and what to do if none does.
 *
 * @param ddl of a B-tree over compared columns; null where none of the filter's parts compares a plain column
 * @param advice one or two sentences
 */
record IndexAdvice(@Nullable String ddl, String advice) {

    static IndexAdvice of(PlanNode scan) {
        var clauses = Clause.of(scan.conditions().filter(), scan.target().alias());
        String ddl = clauses.stream().anyMatch(clause -> clause.form() == Form.COMPARED)
                ? IndexSketch.forConditions(scan)
                : null;
        var other = clauses.stream()
                .filter(clause -> clause.form() != Form.COMPARED)
                .min(Comparator.comparing(Clause::form))
                .orElse(null);
        if (ddl == null) {
            return new IndexAdvice(null, other == null ? none(scan) : forOther(scan, other));
        }
        String advice =
                "An index on the columns of the filter lets the server read only the rows it needs: " + ddl + ".";
        return new IndexAdvice(ddl, advice + caution(scan) + (other == null ? "" : rest(scan, other)));
    }

    private static String none(PlanNode scan) {
        return "No column of %s is compared here in a way that an index serves.".formatted(Wording.relation(scan));
    }

    /** The type of a column is not to be seen in a plan. */
    private static String caution(PlanNode scan) {
        String ofText = IndexSketch.comparisons(scan).stream()
                .filter(Comparison::asText)
                .findFirst()
                .map(one ->
                        " It serves if %s is a varchar; a number or a date that is cast to text must be compared with a value of its own type, and a text that is compared in another collation needs an index in that."
                                .formatted(one.column()))
                .orElse("");
        return ofText + (ranges(scan) > 1 ? " Only one of the ranges narrows what is read of it." : "");
    }

    /** Of different columns. */
    private static long ranges(PlanNode scan) {
        return IndexSketch.comparisons(scan).stream()
                .filter(one -> !one.equality())
                .count();
    }

    /** Where compared columns stand beside what needs another kind of index, nobody knows which of them keeps few rows. */
    private static String rest(PlanNode scan, Clause other) {
        return switch (other.form()) {
            case INSIDE, OVERLAP, ELEMENT, NOT_DISTINCT, ALTERNATIVES, PATTERN, FUZZY_PATTERN, EXPRESSION, SUBQUERY ->
                " If these columns alone keep many rows: " + forOther(scan, other);
            case COMPARED, ROW, NULL_TEST, FLAG, SAME_ROW, UNEQUAL, OTHER -> "";
        };
    }

    private static String forOther(PlanNode scan, Clause clause) {
        return switch (clause.form()) {
            case COMPARED -> "An index on %s serves it.".formatted(clause.column());
            case ROW -> row(scan, clause);
            case INSIDE -> inside(scan, clause);
            case OVERLAP -> overlap(scan, clause);
            case ELEMENT ->
                "= ANY over a column asks no index: write %s @> array[...] with the value in it, which a GIN index serves: %s."
                        .formatted(clause.column(), onColumn(scan, clause, "using gin ", ""));
            case NOT_DISTINCT -> notDistinct(scan, clause);
            case NULL_TEST, FLAG -> partial(scan, clause);
            case ALTERNATIVES -> alternatives(scan, clause);
            case PATTERN ->
                "Patterns that begin with text can use %s; those that begin with a wildcard need trigrams: %s."
                        .formatted(onColumn(scan, clause, "", " text_pattern_ops"), trigrams(scan, clause));
            case FUZZY_PATTERN ->
                "ILIKE, regular expressions and similarity need trigrams, which a B-tree has not: %s.%s"
                        .formatted(trigrams(scan, clause), clause.hasSign("~") ? anchored(scan, clause) : "");
            case EXPRESSION -> expression(scan, clause);
            case SAME_ROW -> sameRow(scan, clause);
            case UNEQUAL ->
                "No index finds rows by what they are not (<>, NOT IN, NOT LIKE, IS DISTINCT FROM). If few rows are left, a partial index with exactly this condition holds them; if most are, reading the table is right.";
            case SUBQUERY ->
                "The filter asks a subquery, which no index on %s replaces: write it as a join, or as IN or EXISTS (NOT EXISTS for NOT IN) that stands alone in WHERE, without OR or a function around it; then its rows can be found by an index."
                        .formatted(Wording.relation(scan));
            case OTHER -> none(scan);
        };
    }

    private static String row(PlanNode scan, Clause clause) {
        var columns = new LinkedHashSet<>(Comparison.columns(clause.expression(), clause.alias()));
        return "Rows are compared as a whole: an index on their columns in this order serves it: %s."
                .formatted(IndexSketch.on(scan, String.join(", ", columns)));
    }

    private static String inside(PlanNode scan, Clause clause) {
        return "A B-tree does not look inside values; of arrays, jsonb and texts that are searched a GIN index does: %s.%s"
                .formatted(
                        onColumn(scan, clause, "using gin ", ""),
                        clause.typed() || clause.hasSign("@@")
                                ? ""
                                : " Of ranges a GiST index does: %s."
                                        .formatted(onColumn(scan, clause, "using gist ", "")));
    }

    private static String notDistinct(PlanNode scan, Clause clause) {
        String column = clause.column();
        return "IS NOT DISTINCT FROM asks no index: write = (and OR ... IS NULL where NULL is meant, too), which an index serves"
                + (column == null ? "." : ": %s.".formatted(IndexSketch.on(scan, Wording.quoted(column))));
    }

    private static String anchored(PlanNode scan, Clause clause) {
        return " Those that begin with ^ and text can use %s, too."
                .formatted(onColumn(scan, clause, "", " text_pattern_ops"));
    }

    private static String overlap(PlanNode scan, Clause clause) {
        return "Ranges, shapes and networks that contain or overlap each other are found by a GiST index: %s."
                .formatted(onColumn(
                        scan,
                        clause,
                        "using gist ",
                        clause.tokens().stream().anyMatch(token -> token.isWord("inet") || token.isWord("cidr"))
                                ? " inet_ops"
                                : ""));
    }

    private static String trigrams(PlanNode scan, Clause clause) {
        return "create extension pg_trgm, then " + onColumn(scan, clause, "using gin ", " gin_trgm_ops");
    }

    private static String onColumn(PlanNode scan, Clause clause, String method, String operators) {
        String relation = Wording.quotedRelation(scan);
        String column = clause.column();
        if (column != null) {
            return "create index concurrently on %s %s(%s%s)"
                    .formatted(relation, method, Wording.quoted(column), operators);
        }
        String expression = clause.ddl(clause.expression());
        return expression == null
                ? "an index on %s %sover the expression that the filter holds%s"
                        .formatted(relation, method, operators.isEmpty() ? "" : " (with" + operators + ")")
                : "create index concurrently on %s %s((%s)%s)".formatted(relation, method, expression, operators);
    }

    private static String partial(PlanNode scan, Clause clause) {
        String condition = clause.ddl(clause.tokens());
        String column = clause.column();
        if (condition == null || column == null) {
            return "A partial index with this condition holds only these rows, which pays if they are few.";
        }
        return "A partial index holds only these rows, which pays if they are few: %s where %s."
                .formatted(IndexSketch.on(scan, Wording.quoted(column)), condition);
    }

    private static String alternatives(PlanNode scan, Clause clause) {
        var arms = Comparison.parts(clause.tokens(), "or");
        if (arms.stream().anyMatch(IndexAdvice::asksParameter)) {
            return "One arm of the OR asks whether a parameter is given, and no index serves the rest as long as the plan has to serve both: leave the condition out of the statement where the parameter is not given, or let it be planned with its values (plan_cache_mode = force_custom_plan).";
        }
        var indexes = new LinkedHashSet<String>();
        for (var arm : arms) {
            String index = forArm(scan, clause, arm);
            if (index == null) {
                return "An OR is served by indexes only if each of its arms is, and one of them compares no column as a B-tree can: write the arms as selects of their own, brought together by UNION (with a key, since it drops equal rows), and see to each.";
            }
            indexes.add(index);
        }
        if (indexes.size() == 1) {
            return "All arms of the OR are about one column, and an index on it serves them: %s."
                    .formatted(indexes.getFirst());
        }
        return "Each arm of the OR needs an index of its own, which the server combines (BitmapOr): %s."
                .formatted(String.join("; ", indexes));
    }

    private static boolean asksParameter(List<SqlToken> arm) {
        return arm.stream().anyMatch(token -> token.kind() == Kind.PARAMETER)
                && ConditionColumns.of(arm).isEmpty();
    }

    private static @Nullable String forArm(PlanNode scan, Clause clause, List<SqlToken> arm) {
        var columns = new ArrayList<String>();
        var comparisons = Comparison.all(arm, clause.alias());
        comparisons.stream().filter(Comparison::equality).forEach(one -> columns.add(one.column()));
        comparisons.stream().filter(one -> !one.equality()).findFirst().ifPresent(one -> columns.add(one.column()));
        if (columns.isEmpty()) {
            Clause.ofParts(arm, clause.alias()).stream()
                    .filter(part -> part.form() == Form.NULL_TEST)
                    .map(Clause::column)
                    .filter(column -> column != null)
                    .forEach(columns::add);
        }
        return columns.isEmpty()
                ? null
                : IndexSketch.on(scan, columns.stream().map(Wording::quoted).collect(Collectors.joining(", ")));
    }

    private static String expression(PlanNode scan, Clause clause) {
        if (DdlText.mentionsOthers(clause.expression(), clause.alias())) {
            return "A column is calculated with another table's, which no index holds: bring the bare column to one side of the comparison, and all that is not of %s to the other."
                    .formatted(Wording.relation(scan));
        }
        String expression = clause.ddl(clause.expression());
        String cast = clause.castColumn();
        return "A function, a cast or a calculation is around the column. Compare the bare column where that can be written (a range instead of a function or a cast); else an index on the expression serves, if that is immutable"
                + (expression == null
                        ? "."
                        : ": create index concurrently on %s ((%s))."
                                .formatted(Wording.quotedRelation(scan), expression))
                + (cast == null
                        ? ""
                        : " If the column is of a domain, the server wrote the cast, and an index on the column serves: %s."
                                .formatted(IndexSketch.on(scan, Wording.quoted(cast))));
    }

    private static String sameRow(PlanNode scan, Clause clause) {
        String condition = clause.ddl(clause.tokens());
        var columns = Comparison.columns(clause.tokens(), clause.alias());
        return "Columns of one row are compared with each other, for which an index on either is of no use. If few rows are left, a partial index with this condition holds them"
                + (condition == null
                        ? "."
                        : ": %s where %s.".formatted(IndexSketch.on(scan, columns.getFirst()), condition));
    }
}
