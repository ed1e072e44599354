package io.viewkeeper.refresher.api;

import static io.viewkeeper.schema.service.http.Problem.refusal;

import io.viewkeeper.schema.event.ViewName;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;

/** Names in a URL's path, each refused with a sentence where it cannot be one. */
final class PathNames {
    /** NAMEDATALEN less its end: no name of PostgreSQL is longer. */
    private static final int MOST_BYTES = 63;
    /** Both parts quoted, with every character a doubled quote. */
    private static final int LONGEST_VIEW = 2 * (2 * MOST_BYTES + 2) + 1;

    private static final int LONGEST_GROUP = 200;

    private PathNames() {}

    static ViewName view(String text) {
        if (text.length() > LONGEST_VIEW) {
            throw tooLong();
        }
        ViewName view = ViewName.parse(text)
                .filter(_ -> text.indexOf('\0') < 0)
                .orElseThrow(() -> refusal(
                        Response.Status.BAD_REQUEST,
                        "a view is named schema.view as pg_catalog spells it; a part that holds a dot or a double quote is"
                                + " put into double quotes"));
        if (tooLong(view.schema()) || tooLong(view.name())) {
            throw tooLong();
        }
        return view;
    }

    private static boolean tooLong(String part) {
        return part.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES;
    }

    private static RuntimeException tooLong() {
        return refusal(
                Response.Status.BAD_REQUEST,
                "no schema and no view of PostgreSQL has a name of more than " + MOST_BYTES + " bytes");
    }

    static String group(String text) {
        if (text.length() > LONGEST_GROUP || text.indexOf('\0') >= 0) {
            throw refusal(
                    Response.Status.BAD_REQUEST,
                    "a group's name has at most " + LONGEST_GROUP + " characters, and no NUL");
        }
        return text;
    }

    static UUID run(String text) {
        try {
            UUID id = UUID.fromString(text);
            // fromString takes 1-1-1-1-1, too.
            if (id.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return id;
            }
        } catch (IllegalArgumentException notAnId) {
            // Refused below.
        }
        throw refusal(
                Response.Status.BAD_REQUEST, "a run's id is a UUID of 36 characters, as a refresh's answer gave it");
    }
}
