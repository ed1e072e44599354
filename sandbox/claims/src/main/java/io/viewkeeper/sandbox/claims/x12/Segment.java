// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One segment: its number in the file, its id, and its elements as lists of components. Elements and components count
 * from 1, as the guide counts them (SV101-2 is {@code component(1, 2)}); an absent one is the empty string.
 */
record Segment(int number, String id, List<List<String>> elements) {

    /** X12 type R: digits with or without a point, no exponent. */
    private static final Pattern DECIMAL = Pattern.compile("-?(\\d{1,15}(\\.\\d*)?|\\.\\d+)");

    private static final Pattern COUNT = Pattern.compile("\\d{1,9}");

    Segment {
        elements = elements.stream().map(List::copyOf).toList();
    }

    boolean is(String otherId) {
        return id.equals(otherId);
    }

    String element(int position) {
        return component(position, 1);
    }

    String component(int position, int component) {
        var components = components(position);
        return component <= components.size() ? components.get(component - 1).strip() : "";
    }

    List<String> components(int position) {
        return position <= elements.size() ? elements.get(position - 1) : List.of();
    }

    String required(int position) {
        var text = element(position);
        if (text.isEmpty()) {
            throw rejected(name(position) + " is missing");
        }
        return text;
    }

    BigDecimal decimal(int position) {
        var text = required(position);
        if (!DECIMAL.matcher(text).matches()) {
            throw rejected(name(position) + " is not a number");
        }
        return new BigDecimal(text);
    }

    /** Dollars and cents that fit {@code numeric(12,2)}. */
    BigDecimal amount(int position) {
        var amount = decimal(position).stripTrailingZeros();
        if (amount.signum() < 0) {
            throw rejected(name(position) + " is negative");
        }
        if (amount.scale() > 2 || amount.precision() - amount.scale() > 10) {
            throw rejected(name(position) + " is not an amount of dollars and cents below ten billion");
        }
        return amount.setScale(2);
    }

    int count(int position) {
        var text = required(position);
        if (!COUNT.matcher(text).matches()) {
            throw rejected(name(position) + " is not a count");
        }
        return Integer.parseInt(text);
    }

    /** SV1 and 2 give SV102. */
    String name(int position) {
        return "%s%02d".formatted(id, position);
    }

    RejectedFileException rejected(String reason) {
        return new RejectedFileException(number, reason);
    }

    @Override
    public String toString() {
        return id + " at " + number;
    }
}
