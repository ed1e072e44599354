package io.viewkeeper.optimizer.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of POST /analyses. Its own text says everything: it is never logged. */
@Schema(name = "AnalysisQuestion")
public record AnalysisQuestion(
        @Schema(description = "One statement; $1, $2 … where values are parameters")
        String sql,

        @Schema(description = "What $1, $2 … are: texts, numbers, booleans or null. None: the generic plan")
        List<@Nullable String> parameters,

        @Schema(
                description = "Whether to execute it (EXPLAIN ANALYZE); needs the role operator",
                defaultValue = "false")
        boolean analyze) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> FIELDS = Set.of("sql", "parameters", "analyze");
    private static final int MOST_PARAMETERS = 10_000;

    public AnalysisQuestion {
        parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    }

    /** @throws BadParameterException says what is wrong, and nothing of what is in it */
    static AnalysisQuestion read(byte @Nullable [] body) {
        JsonNode json = tree(body);
        json.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new BadParameterException("The fields of the body are sql, parameters and analyze.");
            }
        });
        JsonNode sql = json.path("sql");
        if (!sql.isTextual() || sql.textValue().isBlank()) {
            throw new BadParameterException("The field sql must be a text: one statement.");
        }
        JsonNode analyze = json.path("analyze");
        if (!analyze.isMissingNode() && !analyze.isBoolean()) {
            throw new BadParameterException("The field analyze must be true or false.");
        }
        return new AnalysisQuestion(sql.textValue(), parameters(json.path("parameters")), analyze.booleanValue());
    }

    private static List<@Nullable String> parameters(JsonNode json) {
        var values = new ArrayList<@Nullable String>();
        if (json.isMissingNode() || json.isNull()) {
            return values;
        }
        if (!json.isArray() || json.size() > MOST_PARAMETERS) {
            throw new BadParameterException(
                    "The field parameters must be a list of at most " + MOST_PARAMETERS + " values.");
        }
        for (JsonNode value : json) {
            if (value.isContainerNode()) {
                throw new BadParameterException(
                        "A parameter is a text, a number, true, false or null; an array is written as PostgreSQL does: \"{1,2}\".");
            }
            values.add(value.isNull() ? null : value.asText());
        }
        return values;
    }

    private static JsonNode tree(byte @Nullable [] body) {
        if (body != null && body.length > 0) {
            try {
                JsonNode json = JSON.readTree(body);
                if (json.isObject()) {
                    return json;
                }
            } catch (JsonProcessingException malformed) {
                // Refused below.
            } catch (IOException malformed) {
                // Refused below: bytes that are no text.
            }
        }
        throw new BadParameterException("The body must be a JSON object with the field sql.");
    }
}
