// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.viewkeeper.schema.service.http.Problem.badRequest;
import static io.viewkeeper.schema.service.http.Problem.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.schema.log.LogText;
import io.viewkeeper.schema.service.http.JsonBody;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may stand in the body of a command: nothing, or a JSON object with the fields that the command knows. */
final class RequestBody {
    private static final int LONGEST_REASON = 200;

    private RequestBody() {}

    /** For commands that take no fields. */
    static void none(byte @Nullable [] body, HttpHeaders headers) {
        var _ = object(body, headers, List.of());
    }

    /** The field {@code reason}, the only one that is known. */
    static Optional<String> reason(byte @Nullable [] body, HttpHeaders headers) {
        return object(body, headers, List.of("reason"))
                .optional("reason")
                .filter(value -> !value.isNull())
                .map(RequestBody::reason);
    }

    private static String reason(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : "";
        if (text.isBlank() || text.length() > LONGEST_REASON || !LogText.isPlain(text)) {
            throw badRequest("reason must be a text of 1 to " + LONGEST_REASON + " printable characters");
        }
        return text;
    }

    private static JsonNode object(byte @Nullable [] body, HttpHeaders headers, List<String> fields) {
        boolean sent = body != null && body.length > 0;
        if (sent && !isJson(headers.getMediaType())) {
            throw refusal(
                    Response.Status.UNSUPPORTED_MEDIA_TYPE, "a body must be JSON: Content-Type: application/json");
        }
        return JsonBody.object(body, fields);
    }

    /** Not isCompatible, which takes wildcards. */
    private static boolean isJson(@Nullable MediaType type) {
        return type != null
                && type.getType().equalsIgnoreCase("application")
                && type.getSubtype().equalsIgnoreCase("json");
    }
}
