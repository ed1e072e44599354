// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.http;

import io.viewkeeper.schema.event.ViewName;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What stands in a URL, taken as text, and refused with a sentence: a number that is none would be answered with 404. */
public final class Parameters {
    public static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    /** NAMEDATALEN less its end: no name of PostgreSQL is longer. */
    private static final int MOST_BYTES = 63;
    /** Both parts quoted, with every character a doubled quote. */
    private static final int LONGEST_VIEW = 2 * (2 * MOST_BYTES + 2) + 1;

    private Parameters() {}

    /** How many rows; {@link #DEFAULT_LIMIT} where nothing is said. */
    public static int limit(@Nullable String text) {
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
            throw Problem.badRequest("The parameter limit must be a whole number from 1 to " + MAX_LIMIT + ".");
        }
        return limit;
    }

    public static ViewName view(String text) {
        if (text.length() > LONGEST_VIEW) {
            throw tooLong();
        }
        ViewName view = ViewName.parse(text)
                .filter(_ -> text.indexOf('\0') < 0)
                .orElseThrow(() -> Problem.badRequest("A view is named schema.view as pg_catalog spells it,"
                        + " analytics.claims_daily_summary for example. A part that holds a dot or a double quote is put into"
                        + " double quotes."));
        if (tooLong(view.schema()) || tooLong(view.name())) {
            throw tooLong();
        }
        return view;
    }

    private static boolean tooLong(String part) {
        return part.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES;
    }

    private static RuntimeException tooLong() {
        return Problem.badRequest(
                "No schema and no view of PostgreSQL has a name of more than " + MOST_BYTES + " bytes.");
    }

    /**
     * An id that we gave.
     *
     * @param what it is of, and which answer gave it, for people
     */
    public static UUID id(String text, String what) {
        try {
            UUID id = UUID.fromString(text);
            // fromString takes 1-1-1-1-1, too.
            if (id.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return id;
            }
        } catch (IllegalArgumentException notAnId) {
            // Refused below.
        }
        throw Problem.badRequest("The id of " + what + " is a UUID of 36 characters.");
    }
}
