package io.viewkeeper.optimizer.api;

import io.viewkeeper.optimizer.analysis.StatementReports.Order;
import io.viewkeeper.schema.event.ViewName;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What stands in a URL, taken as text: a number that is none would be answered with 404. */
final class Parameters {
    static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int STATEMENT_ID_LENGTH = 32;

    private Parameters() {}

    static int limit(@Nullable String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        int limit;
        try {
            limit = Integer.parseInt(text);
        } catch (NumberFormatException notANumber) {
            limit = 0;
        }
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new BadParameterException("The parameter limit must be a whole number from 1 to " + MAX_LIMIT + ".");
        }
        return limit;
    }

    static Optional<ViewName> view(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(ViewName.parse(text)
                .filter(view -> view.toString().indexOf('\0') < 0)
                .orElseThrow(() -> new BadParameterException(
                        "The parameter view must be a schema and a name with a dot between them, as"
                                + " pg_catalog spells them: analytics.claims_daily_summary, for example. A part that holds"
                                + " a dot or a double quote is put into double quotes.")));
    }

    static boolean flag(String name, @Nullable String text) {
        return switch (text) {
            case null -> false;
            case "true", "" -> true;
            case "false" -> false;
            default -> throw new BadParameterException("The parameter " + name + " must be true or false.");
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
                .orElseThrow(() -> new BadParameterException("The parameter order must be one of "
                        + Stream.of(orders).map(Order::wireName).collect(Collectors.joining(", ")) + "."));
    }

    static UUID analysis(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException notAnId) {
            throw new BadParameterException("An analysis has a UUID as id, as GET /statements gives it.");
        }
    }

    static String statement(String text) {
        if (text.length() != STATEMENT_ID_LENGTH || !text.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw new BadParameterException(
                    "A statement has 32 hexadecimal digits as id, as GET /statements gives it.");
        }
        return text;
    }
}
