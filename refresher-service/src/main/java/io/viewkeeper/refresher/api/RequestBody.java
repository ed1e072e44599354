package io.viewkeeper.refresher.api;

import static io.viewkeeper.schema.service.http.Problem.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.schema.log.LogText;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may stand in the body of a command: nothing, or a JSON object with the fields that the command knows. */
@Singleton
class RequestBody {
    private static final int LONGEST_REASON = 200;

    private final ObjectMapper json;

    RequestBody(ObjectMapper json) {
        this.json = json;
    }

    /** For commands that take no fields. */
    void none(byte @Nullable [] body, HttpHeaders headers) {
        fields(body, headers, "");
    }

    /** The field {@code reason}, the only one that is known. */
    Optional<String> reason(byte @Nullable [] body, HttpHeaders headers) {
        return fields(body, headers, "reason").map(RequestBody::reason);
    }

    private static String reason(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : "";
        if (text.isBlank() || text.length() > LONGEST_REASON || !LogText.isPlain(text)) {
            throw refusal(
                    Response.Status.BAD_REQUEST,
                    "reason must be a text of 1 to " + LONGEST_REASON + " printable characters");
        }
        return text;
    }

    private Optional<JsonNode> fields(byte @Nullable [] body, HttpHeaders headers, String known) {
        if (body == null || body.length == 0) {
            return Optional.empty();
        }
        MediaType type = headers.getMediaType();
        if (type == null || !isJson(type)) {
            throw refusal(
                    Response.Status.UNSUPPORTED_MEDIA_TYPE, "a body must be JSON: Content-Type: application/json");
        }
        JsonNode object = parse(body);
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            if (!names.next().equals(known)) {
                throw refusal(
                        Response.Status.BAD_REQUEST,
                        known.isEmpty()
                                ? "this takes no fields: leave the body out"
                                : "the only field of the body is " + known);
            }
        }
        return Optional.ofNullable(object.get(known)).filter(value -> !value.isNull());
    }

    /** Not isCompatible, which takes wildcards. */
    private static boolean isJson(MediaType type) {
        return type.getType().equalsIgnoreCase("application")
                && type.getSubtype().equalsIgnoreCase("json");
    }

    private JsonNode parse(byte[] body) {
        try {
            JsonNode read = json.readTree(body);
            if (read.isObject()) {
                return read;
            }
        } catch (IOException malformed) {
            // Refused below.
        }
        throw refusal(Response.Status.BAD_REQUEST, "the body is not a JSON object");
    }
}
