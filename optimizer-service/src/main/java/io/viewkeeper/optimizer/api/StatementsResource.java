// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import static io.viewkeeper.schema.service.http.Problem.refusal;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.analysis.StatementReports;
import io.viewkeeper.optimizer.analysis.StatementReports.AnalysisSummary;
import io.viewkeeper.optimizer.analysis.StatementReports.Order;
import io.viewkeeper.optimizer.analysis.StatementReports.Statement;
import io.viewkeeper.optimizer.analysis.StatementReports.Window;
import io.viewkeeper.optimizer.statement.CurrentSurvey;
import io.viewkeeper.schema.service.http.Parameters;
import io.viewkeeper.schema.service.http.Problem;
import io.viewkeeper.schema.service.http.Terminal;
import io.viewkeeper.schema.statement.Notice;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Slow statements and their history. */
@Path("/statements")
@Tag(name = "statements")
public class StatementsResource {
    private final StatementReports reports;
    private final CurrentSurvey survey;
    private final Answers answers;

    StatementsResource(StatementReports reports, CurrentSurvey survey, Answers answers) {
        this.reports = reports;
        this.survey = survey;
        this.answers = answers;
    }

    /** @param notices what makes the answer poorer than it could be */
    @Schema(name = "Statements")
    public record Statements(List<Statement> statements, List<Notice> notices) {}

    /** @param windows newest first, as the analyses */
    @Schema(name = "StatementHistory")
    public record StatementHistory(
            Statement statement, List<Window> windows, List<AnalysisSummary> analyses, List<Notice> notices) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(operationId = "statements", summary = "Slow statements, those that cost most of a day first")
    @APIResponse(
            responseCode = "200",
            description = "The statements, and what makes the answer poorer than it could be")
    @APIResponse(
            responseCode = "400",
            description = "A parameter is wrong; the message says how",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Statements statements(
            @Parameter(description = "Only those that read this view, or what it reads: schema.name")
                    @QueryParam("view")
                    @Nullable
                    String view,
            @Parameter(description = "Also those that are followed without being slow") @QueryParam("all") @Nullable
                    String all,
            @Parameter(
                            description =
                                    "What comes first: what a day costs (day), calls, mean time (mean), time between the last two looks (window)",
                            schema = @Schema(implementation = String.class, defaultValue = "day"))
                    @QueryParam("order")
                    @Nullable
                    String order,
            @Parameter(description = "How many at most, 1 to 1000") @QueryParam("limit") @Nullable String limit) {
        var asked = Optional.ofNullable(view).map(Parameters::view);
        boolean unslow = StatementParameters.flag("all", all);
        var by = StatementParameters.order(order, Order.DAY, Order.CALLS, Order.MEAN, Order.WINDOW);
        int count = Parameters.limit(limit);
        return answers.read(() -> new Statements(reports.statements(asked, unslow, count, by), survey.notices()));
    }

    @GET
    @Produces(Terminal.TEXT)
    @RunOnVirtualThread
    @Operation(hidden = true)
    public String statementsPage(
            @QueryParam("view") @Nullable String view,
            @QueryParam("all") @Nullable String all,
            @QueryParam("order") @Nullable String order,
            @QueryParam("limit") @Nullable String limit) {
        var answer = statements(view, all, order, limit);
        return ListPage.statements(answer.statements(), answer.notices());
    }

    @GET
    @Path("/{id}")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(operationId = "statement", summary = "One statement: what it did between looks, and its analyses")
    @APIResponse(responseCode = "200", description = "The statement")
    @APIResponse(
            responseCode = "404",
            description = "None of this id is known",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public StatementHistory statement(@PathParam("id") String id) {
        String known = StatementParameters.statement(id);
        return answers.read(() -> history(known));
    }

    private StatementHistory history(String known) {
        var statement = reports.statement(known)
                .orElseThrow(() -> refusal(Response.Status.NOT_FOUND, "no statement " + known + " is known"));
        return new StatementHistory(
                statement,
                reports.windows(known, Parameters.DEFAULT_LIMIT),
                reports.analyses(known, Parameters.DEFAULT_LIMIT),
                survey.notices());
    }

    @GET
    @Path("/{id}")
    @Produces(Terminal.TEXT)
    @RunOnVirtualThread
    @Operation(hidden = true)
    public String statementPage(@PathParam("id") String id) {
        return ListPage.statement(statement(id));
    }
}
