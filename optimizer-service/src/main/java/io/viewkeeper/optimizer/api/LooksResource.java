// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.analysis.AnalysisParts;
import io.viewkeeper.optimizer.analysis.Look;
import io.viewkeeper.optimizer.analysis.LookRows;
import io.viewkeeper.schema.service.http.Parameters;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the optimizer did of late, and what it took. */
@Path("/looks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "looks")
public class LooksResource {
    private final LookRows looks;
    private final AnalysisParts parts;
    private final Answers answers;

    LooksResource(LookRows looks, AnalysisParts parts, Answers answers) {
        this.looks = looks;
        this.parts = parts;
        this.answers = answers;
    }

    /** @param spentMillis of the last minute, all replicas and persons together */
    @Schema(name = "Budget")
    public record BudgetAnswer(double perMinuteMillis, double spentMillis) {}

    /** @param looks newest first */
    @Schema(name = "Looks")
    public record Looks(BudgetAnswer budget, List<Look> looks) {}

    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "looks",
            summary = "The looks at slow statements, newest first, and the budget of this minute")
    @APIResponse(responseCode = "200", description = "The looks")
    public Looks looks(
            @Parameter(description = "How many at most, 1 to 1000") @QueryParam("limit") @Nullable String limit) {
        int count = Parameters.limit(limit);
        var budget = parts.budget();
        return answers.read(
                () -> new Looks(new BudgetAnswer(budget.perMinuteMillis(), budget.spentMillis()), looks.recent(count)));
    }
}
