// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Composite elements of one claim. Some gateways write an interchange header of their own around claims and leave the
 * components as the sender separated them: ISA16 declares a colon, and CLM05 reads {@code 11>B>1}. CLM05 always has
 * three components, so that it betrays the separator that the claim was written with.
 */
final class Composites {

    /** Facility code, its qualifier (B, or left out), claim frequency. */
    private static final Pattern UNSEPARATED_PLACE = Pattern.compile("[0-9A-Z]{1,2}([^0-9A-Z .-])B?\\1[0-9A-Z]");

    /** Empty where the claim keeps to ISA16. */
    private final String separator;

    private Composites(String separator) {
        this.separator = separator;
    }

    static Composites asUsedIn(Segment clm) {
        var place = clm.components(5);
        if (place.size() != 1) {
            return new Composites("");
        }
        var unseparated = UNSEPARATED_PLACE.matcher(place.getFirst());
        return new Composites(unseparated.matches() ? unseparated.group(1) : "");
    }

    List<String> of(Segment segment, int position) {
        var components = segment.components(position);
        if (!separator.isEmpty() && components.size() == 1) {
            return stripped(Pattern.compile(Pattern.quote(separator)).splitAsStream(components.getFirst()));
        }
        return stripped(components.stream());
    }

    private static List<String> stripped(Stream<String> components) {
        return components.map(String::strip).toList();
    }
}
