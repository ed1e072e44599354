// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a request. Its own text says everything: it is never logged. */
public final class JsonBody {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonBody() {}

    /** A JSON object that has none but these fields; an empty one where there is no body. Else the request is refused. */
    public static JsonNode object(byte @Nullable [] body, List<String> fields) {
        if (body == null || body.length == 0) {
            return JSON.createObjectNode();
        }
        JsonNode object = parse(body);
        object.fieldNames().forEachRemaining(name -> {
            if (!fields.contains(name)) {
                throw Problem.badRequest(
                        fields.isEmpty()
                                ? "This takes no fields: leave the body out."
                                : "The body has a field that is not known; it takes " + String.join(", ", fields)
                                        + ".");
            }
        });
        return object;
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode read = JSON.readTree(body);
            if (read.isObject()) {
                return read;
            }
        } catch (IOException malformed) {
            // Refused below.
        }
        throw Problem.badRequest("The body is not a JSON object.");
    }
}
