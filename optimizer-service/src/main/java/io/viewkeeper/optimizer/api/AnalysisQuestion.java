// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.schema.service.http.JsonBody;
import io.viewkeeper.schema.service.http.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of POST /analyses. */
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

    private static final List<String> FIELDS = List.of("sql", "parameters", "analyze");
    private static final int MOST_PARAMETERS = 10_000;

    public AnalysisQuestion {
        parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    }

    /** Refuses what cannot be meant, and says nothing of what is in it. */
    static AnalysisQuestion read(byte @Nullable [] body) {
        JsonNode json = JsonBody.object(body, FIELDS);
        JsonNode sql = json.path("sql");
        if (!sql.isTextual() || sql.textValue().isBlank()) {
            throw Problem.badRequest("The field sql must be a text: one statement.");
        }
        JsonNode analyze = json.path("analyze");
        if (!analyze.isMissingNode() && !analyze.isBoolean()) {
            throw Problem.badRequest("The field analyze must be true or false.");
        }
        return new AnalysisQuestion(sql.textValue(), parameters(json.path("parameters")), analyze.booleanValue());
    }

    private static List<@Nullable String> parameters(JsonNode json) {
        var values = new ArrayList<@Nullable String>();
        if (json.isMissingNode() || json.isNull()) {
            return values;
        }
        if (!json.isArray() || json.size() > MOST_PARAMETERS) {
            throw Problem.badRequest("The field parameters must be a list of at most " + MOST_PARAMETERS + " values.");
        }
        for (JsonNode value : json) {
            if (value.isContainerNode()) {
                throw Problem.badRequest(
                        "A parameter is a text, a number, true, false or null; an array is written as PostgreSQL does: \"{1,2}\".");
            }
            values.add(value.isNull() ? null : value.asText());
        }
        return values;
    }
}
