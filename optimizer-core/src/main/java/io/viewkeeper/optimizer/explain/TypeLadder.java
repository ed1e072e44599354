// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.Tokens.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Gives parameters the types that their values had, where the server cannot find them out: it says by SQLSTATE and
 * position what it stumbled over. The types are declared to PREPARE; the text stays.
 */
final class TypeLadder {
    private static final Pattern PARAMETER = Pattern.compile("\\$(\\d{1,5})");
    private static final Pattern TYPES = Pattern.compile(
            "(timestamp with(?:out)? time zone|time with(?:out)? time zone|double precision|character varying|bigint|integer"
                    + "|smallint|numeric|real|interval|boolean|uuid|jsonb?|date|money|inet|text|unknown|bytea|character"
                    + "|tsquery|tsvector)(\\[\\])?");
    private static final Pattern OPERATION = Pattern.compile(": (.+?) ([-+*/<>=~!@#%^&|`?]+) (.+)$");

    /** What to try one after the other where nothing tells. */
    private static final List<String> SEQUENCE =
            List.of("numeric", "integer", "text", "text[]", "timestamptz", "interval", "jsonb", "boolean");

    private final StatementDraft draft;
    private final Tokens tokens;
    private final Operands operands;

    TypeLadder(StatementDraft draft, Tokens tokens) {
        this.draft = draft;
        this.tokens = tokens;
        this.operands = new Operands(tokens);
    }

    /** @param at the token that the server points to; -1 if to none */
    Optional<StatementDraft> mended(String sqlState, String message, int at) {
        return switch (sqlState) {
            case "42P18", "42P08" -> undetermined(message, at);
            case "42725" -> ambiguous(message, at);
            case "42883" -> missing(message, at);
            case "42804" -> mismatched(message, at);
            default -> Optional.empty();
        };
    }

    private Optional<StatementDraft> undetermined(String message, int at) {
        var named = PARAMETER.matcher(message);
        int parameter = named.find() ? Integer.parseInt(named.group(1)) : tokens.parameter(at);
        if (parameter == 0) {
            return Optional.empty();
        }
        return draft.types().containsKey(parameter) ? next(List.of(parameter)) : typed(List.of(parameter), "text");
    }

    private Optional<StatementDraft> ambiguous(String message, int at) {
        if (tokens.operator(at)) {
            var sides = new ArrayList<>(operands.results(operands.from(at + 1)));
            sides.addAll(operands.results(operands.before(at)));
            return typed(sides, counterpart(message).orElse("numeric")).or(() -> next(sides));
        }
        var arguments = operands.results(operands.from(at));
        String type = tokens.word(at, "generate_series", "repeat", "left", "right") ? "integer" : "numeric";
        return typed(arguments, tokens.word(at, "unnest") ? "text[]" : type).or(() -> next(arguments));
    }

    /** The operator or function does not exist for these types: parameters that were taken for text are something else. */
    private Optional<StatementDraft> missing(String message, int at) {
        if (!tokens.operator(at) && !tokens.word(at, "in", "between", "not")) {
            var arguments = operands.results(operands.from(at));
            return typed(arguments, "numeric").or(() -> next(arguments));
        }
        var chain = moment(message).flatMap(type -> typed(operands.added(at), type));
        if (chain.isPresent()) {
            return chain;
        }
        Range left = operands.before(at);
        Range right = operands.from(tokens.word(at + 1, "any", "all", "some") ? at + 2 : at + 1);
        String type = counterpart(message).orElse("numeric");
        var sides = new ArrayList<>(operands.results(right));
        sides.addAll(operands.results(left));
        var origins = new ArrayList<>(operands.origin(left));
        origins.addAll(operands.origin(right));
        return typed(sides, type)
                .or(() -> typed(origins, type))
                .or(() -> next(sides))
                .or(() -> next(origins));
    }

    private Optional<StatementDraft> mismatched(String message, int at) {
        if (message.contains("polymorphic")) {
            // The server does not say where.
            return typed(operands.alone("to_json", "to_jsonb"), "text");
        }
        var types = TYPES.matcher(message).results().map(MatchResult::group).toList();
        String type = types.stream()
                .filter(found -> !found.equals("text") && !found.equals("unknown"))
                .reduce((first, second) -> second)
                .orElse("numeric");
        var here = at < 0 ? List.<Integer>of() : operands.results(operands.from(at));
        var before = at < 0 ? List.<Integer>of() : operands.results(enclosing(at));
        return typed(here, type)
                .or(() -> typed(before, type))
                .or(() -> at < 0 ? Optional.empty() : typed(operands.origin(operands.from(at)), type))
                .or(() -> typed(operands.selected(), type))
                .or(() -> next(here));
    }

    /** The CASE, the call or the list around a token. */
    private Range enclosing(int at) {
        int depth = 0;
        for (int i = at; i >= 0; i--) {
            if (tokens.closes(i) && i != at) {
                depth++;
            } else if (tokens.opens(i) && depth-- == 0) {
                int close = tokens.closing(i);
                return new Range(i, close < 0 ? at : close);
            }
        }
        return new Range(at, at);
    }

    /** Of "operator does not exist: date + text" the type that the text should have been. */
    private static Optional<String> counterpart(String message) {
        var operation = OPERATION.matcher(message);
        if (!operation.find()) {
            return Optional.empty();
        }
        String operator = operation.group(2);
        String left = operation.group(1);
        String right = operation.group(3);
        String known = isGuess(left) ? right : left;
        if (isGuess(known)) {
            return Optional.empty();
        }
        boolean sum = operator.equals("+") || operator.equals("-");
        if (sum && known.equals("date")) {
            return Optional.of("integer");
        }
        if (sum && known.startsWith("time")) {
            return Optional.of("interval");
        }
        if (known.equals("interval") && (operator.equals("*") || operator.equals("/"))) {
            return Optional.of("double precision");
        }
        return known.matches("[a-z ]+(\\[\\])?") ? Optional.of(known) : Optional.empty();
    }

    /** A date less an unknown is taken for the days between two dates, and these cannot be compared with a date. */
    private static Optional<String> moment(String message) {
        var operation = OPERATION.matcher(message);
        if (!operation.find()) {
            return Optional.empty();
        }
        var sides = List.of(operation.group(1), operation.group(3));
        if (sides.contains("date") && sides.contains("integer")) {
            return Optional.of("integer");
        }
        boolean moment = sides.stream().anyMatch(side -> side.startsWith("timestamp"));
        return moment && sides.contains("interval") ? Optional.of("interval") : Optional.empty();
    }

    private static boolean isGuess(String type) {
        return type.equals("text")
                || type.equals("unknown")
                || type.equals("text[]")
                || type.equals("character varying");
    }

    private Optional<StatementDraft> typed(List<Integer> parameters, String type) {
        var untyped = parameters.stream()
                .distinct()
                .filter(parameter -> !draft.types().containsKey(parameter))
                .toList();
        return untyped.isEmpty() ? Optional.empty() : Optional.of(draft.withTypes(untyped, type));
    }

    /** The types that were tried did not help. */
    private Optional<StatementDraft> next(List<Integer> parameters) {
        var typed = parameters.stream()
                .distinct()
                .filter(draft.types()::containsKey)
                .toList();
        if (typed.isEmpty()) {
            return Optional.empty();
        }
        int tried = SEQUENCE.indexOf(draft.types().get(typed.getFirst()));
        return tried + 1 >= SEQUENCE.size()
                ? Optional.empty()
                : Optional.of(draft.withTypes(typed, SEQUENCE.get(tried + 1)));
    }
}
