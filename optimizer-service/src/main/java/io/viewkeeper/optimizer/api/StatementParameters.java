// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import io.viewkeeper.optimizer.analysis.StatementReports.Order;
import io.viewkeeper.schema.service.http.Problem;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What stands in a URL that asks for statements; see {@link io.viewkeeper.schema.service.http.Parameters} for the rest. */
final class StatementParameters {
    private static final int ID_LENGTH = 32;

    private StatementParameters() {}

    static boolean flag(String name, @Nullable String text) {
        return switch (text) {
            case null -> false;
            case "true", "" -> true;
            case "false" -> false;
            default -> throw Problem.badRequest("The parameter " + name + " must be true or false.");
        };
    }

    /** The first of these where nothing is said. */
    static Order order(@Nullable String text, Order... orders) {
        if (text == null) {
            return orders[0];
        }
        return Stream.of(orders)
                .filter(order -> order.wireName().equals(text))
                .findFirst()
                .orElseThrow(() -> Problem.badRequest("The parameter order must be one of "
                        + Stream.of(orders).map(Order::wireName).collect(Collectors.joining(", ")) + "."));
    }

    static String statement(String text) {
        if (text.length() != ID_LENGTH || !text.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw Problem.badRequest("A statement has 32 hexadecimal digits as id, as GET /statements gives it.");
        }
        return text;
    }
}
