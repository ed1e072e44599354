// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.analysis.StatementReports;
import io.viewkeeper.optimizer.analysis.StatementReports.FindingOfStatement;
import io.viewkeeper.optimizer.analysis.StatementReports.Order;
import io.viewkeeper.optimizer.statement.CurrentSurvey;
import io.viewkeeper.schema.service.http.Parameters;
import io.viewkeeper.schema.service.http.Terminal;
import io.viewkeeper.schema.statement.Notice;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What is wrong with the newest plan of each statement. */
@Path("/findings")
@Tag(name = "findings")
public class FindingsResource {
    private final StatementReports reports;
    private final CurrentSurvey survey;
    private final Answers answers;

    FindingsResource(StatementReports reports, CurrentSurvey survey, Answers answers) {
        this.reports = reports;
        this.survey = survey;
        this.answers = answers;
    }

    /** @param notices what makes the answer poorer than it could be */
    @Schema(name = "Findings")
    public record FindingsAnswer(List<FindingOfStatement> findings, List<Notice> notices) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(
            operationId = "findings",
            summary = "What is wrong, what costs most of a day first, of each statement's newest analysis")
    @APIResponse(responseCode = "200", description = "The findings, and what makes the answer poorer than it could be")
    @APIResponse(responseCode = "400", description = "A parameter is wrong; the message says how")
    public FindingsAnswer findings(
            @Parameter(description = "Only of statements that read this view, or what it reads: schema.name")
                    @QueryParam("view")
                    @Nullable
                    String view,
            @Parameter(
                            description =
                                    "What comes first: what it costs of a day (day), of one execution (execution)",
                            schema = @Schema(implementation = String.class, defaultValue = "day"))
                    @QueryParam("order")
                    @Nullable
                    String order,
            @Parameter(description = "How many at most, 1 to 1000") @QueryParam("limit") @Nullable String limit) {
        var asked = Optional.ofNullable(view).map(Parameters::view);
        var by = StatementParameters.order(order, Order.DAY, Order.EXECUTION);
        int count = Parameters.limit(limit);
        return answers.read(() -> new FindingsAnswer(reports.findings(asked, count, by), survey.notices()));
    }

    @GET
    @Produces(Terminal.TEXT)
    @RunOnVirtualThread
    @Operation(hidden = true)
    public String page(
            @QueryParam("view") @Nullable String view,
            @QueryParam("order") @Nullable String order,
            @QueryParam("limit") @Nullable String limit) {
        var answer = findings(view, order, limit);
        return ListPage.findings(answer.findings(), answer.notices());
    }
}
