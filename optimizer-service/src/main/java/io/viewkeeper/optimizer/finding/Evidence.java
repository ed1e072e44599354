package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.sql.Redaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers the figures of a finding, in their order. What is not known is left out. */
final class Evidence {
    private final Map<String, Object> figures = new LinkedHashMap<>();

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
