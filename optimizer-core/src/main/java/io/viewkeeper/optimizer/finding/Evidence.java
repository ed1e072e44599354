// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.sql.Redaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the figures of a finding, in their order. What is not known is left out. */
final class Evidence {
    /** Only of a plan that was not executed: {@code "estimated"}. */
    static final String BASIS = "basis";
    /** Of the plan's cost, 0 to 1, where no time was measured. */
    static final String COST_SHARE = "costShare";
    /** In the planner's unit, where no time was measured. */
    static final String COST = "cost";

    private final Map<String, Object> figures = new LinkedHashMap<>();

    /** Begins with what the impact rests on, if not on measured times. */
    static Evidence of(Context context, Impact impact) {
        var evidence = new Evidence();
        if (context.estimated()) {
            evidence.name(BASIS, "estimated");
        }
        Double share = impact.costShare();
        Double cost = impact.cost();
        if (share != null && cost != null) {
            evidence.number(COST_SHARE, share).count(COST, cost);
        }
        return evidence;
    }

    /** Null where the impact was measured, or nothing is known of it. */
    static @Nullable Double costShare(Finding finding) {
        return finding.evidence().get(COST_SHARE) instanceof Number share ? share.doubleValue() : null;
    }

    /** 0 where nothing is known of it. */
    static double cost(Finding finding) {
        return finding.evidence().get(COST) instanceof Number cost ? cost.doubleValue() : 0;
    }

    /** A name that is no value of the statement: a relation, an index, a method. */
    Evidence name(String key, @Nullable String name) {
        if (name != null) {
            figures.put(key, name);
        }
        return this;
    }

    /** An expression, without the values in it. */
    Evidence expression(String key, @Nullable String expression) {
        return name(key, expression == null ? null : Redaction.of(expression));
    }

    /** Expressions, without the values in them. */
    Evidence expressions(String key, List<String> expressions) {
        figures.put(key, expressions.stream().map(Redaction::of).toList());
        return this;
    }

    /** Rows, blocks, loops, bytes: whole. */
    Evidence count(String key, double number) {
        figures.put(key, Math.round(number));
        return this;
    }

    Evidence count(String key, long number) {
        figures.put(key, number);
        return this;
    }

    /** With three digits after the point. */
    Evidence number(String key, double number) {
        figures.put(key, Math.round(number * 1_000) / 1_000.0);
        return this;
    }

    Evidence flag(String key, boolean flag) {
        figures.put(key, flag);
        return this;
    }

    Map<String, Object> map() {
        return figures;
    }
}
