// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.regex.Pattern;

/** Dates of X12: {@code D8} is {@code CCYYMMDD}, {@code RD8} is two of them around a dash. */
final class DateElement {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);

    private static final Pattern RANGE = Pattern.compile("(\\d{8})-(\\d{8})");

    private DateElement() {}

    /** The day, or the first day of the range, whose format is at one position and whose value at the next. */
    static LocalDate of(Segment segment, int formatPosition) {
        var format = segment.required(formatPosition);
        var valuePosition = formatPosition + 1;
        var value = segment.required(valuePosition);
        return switch (format) {
            case "D8" -> day(segment, valuePosition, value);
            case "RD8" -> firstDay(segment, valuePosition, value);
            default -> throw segment.rejected(segment.name(formatPosition) + " is neither D8 nor RD8");
        };
    }

    private static LocalDate firstDay(Segment segment, int position, String value) {
        var range = RANGE.matcher(value);
        if (!range.matches()) {
            throw segment.rejected(segment.name(position) + " is not a range of dates");
        }
        var first = day(segment, position, range.group(1));
        if (day(segment, position, range.group(2)).isBefore(first)) {
            throw segment.rejected(segment.name(position) + " is a range that ends before it begins");
        }
        return first;
    }

    private static LocalDate day(Segment segment, int position, String value) {
        try {
            return LocalDate.parse(value, DAY);
        } catch (DateTimeException _) {
            throw segment.rejected(segment.name(position) + " is not a date");
        }
    }
}
