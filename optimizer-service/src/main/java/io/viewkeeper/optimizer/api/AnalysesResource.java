// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import static io.viewkeeper.schema.service.http.Problem.refusal;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.analysis.Analyses;
import io.viewkeeper.optimizer.analysis.Analysis;
import io.viewkeeper.optimizer.analysis.Analyst;
import io.viewkeeper.optimizer.analysis.StatementReports;
import io.viewkeeper.optimizer.statement.Load;
import io.viewkeeper.schema.service.access.Caller;
import io.viewkeeper.schema.service.access.Role;
import io.viewkeeper.schema.service.http.Parameters;
import io.viewkeeper.schema.service.http.Problem;
import io.viewkeeper.schema.service.http.Terminal;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Looks at single statements: those that were made, and one that a person wants made. */
@Path("/analyses")
@Tag(name = "analyses")
public class AnalysesResource {
    private static final Logger LOG = Logger.getLogger(AnalysesResource.class);

    private final Analyses analyses;
    private final Analyst analyst;
    private final StatementReports reports;
    private final Answers answers;
    private final SecurityIdentity identity;

    AnalysesResource(
            Analyses analyses, Analyst analyst, StatementReports reports, Answers answers, SecurityIdentity identity) {
        this.analyses = analyses;
        this.analyst = analyst;
        this.reports = reports;
        this.answers = answers;
        this.identity = identity;
    }

    @GET
    @Path("/{id}")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(operationId = "analysis", summary = "One analysis: the plan, where its time goes, what is wrong with it")
    @APIResponse(responseCode = "200", description = "The analysis")
    @APIResponse(
            responseCode = "404",
            description = "There is none of this id, or it is older than what is kept",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public AnalysisAnswer analysis(@PathParam("id") String id) {
        UUID known = Parameters.id(id, "an analysis, as GET /statements gives it,");
        return answers.read(() -> rendered(find(known), AnalysisAnswer::of));
    }

    @GET
    @Path("/{id}")
    @Produces(Terminal.TEXT)
    @RunOnVirtualThread
    @Operation(hidden = true)
    public String page(@PathParam("id") String id) {
        UUID known = Parameters.id(id, "an analysis, as GET /statements gives it,");
        return answers.read(() -> rendered(find(known), PlanPage::of));
    }

    private Analysis find(UUID id) {
        return analyses.find(id)
                .orElseThrow(() -> refusal(
                        Response.Status.NOT_FOUND,
                        "there is no analysis " + id + ", or it is older than what is kept"));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({Role.OPERATOR_NAME, Role.READER_NAME})
    @RunOnVirtualThread
    @Operation(
            operationId = "analyse",
            summary = "Looks at a statement: reader for its plan, operator to have it executed (EXPLAIN ANALYZE)",
            description = "Nothing changes, whatever the statement is. It is kept and answered without its values.")
    @APIResponse(responseCode = "201", description = "The analysis, also where there is no plan: its outcome says why")
    @APIResponse(
            responseCode = "400",
            description = "The body is wrong; the message says how",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "401", description = "Nobody that is known")
    @APIResponse(responseCode = "403", description = "The role does not suffice")
    @APIResponse(responseCode = "429", description = "Too many at once, or the budget is spent")
    @APIResponse(responseCode = "503", description = "It takes too long, or the database does not answer")
    public RestResponse<AnalysisAnswer> analyse(
            @RequestBody(content = @Content(schema = @Schema(implementation = AnalysisQuestion.class)))
                    byte @Nullable [] body) {
        return answer(body, AnalysisAnswer::of);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(Terminal.TEXT)
    @RolesAllowed({Role.OPERATOR_NAME, Role.READER_NAME})
    @RunOnVirtualThread
    @Operation(hidden = true)
    public RestResponse<String> analysePage(byte @Nullable [] body) {
        return answer(body, PlanPage::of);
    }

    /** An analysis, and what its statement takes of a day; null where it is not followed. */
    @FunctionalInterface
    private interface Rendering<T> {
        T of(Analysis analysis, @Nullable Load load);
    }

    private <T> T rendered(Analysis analysis, Rendering<T> rendering) {
        return rendering.of(analysis, reports.load(analysis.statementId()).orElse(null));
    }

    private <T> RestResponse<T> answer(byte @Nullable [] body, Rendering<T> rendering) {
        AnalysisQuestion question = AnalysisQuestion.read(body);
        String by = Caller.name(identity);
        if (question.analyze() && !identity.hasRole(Role.OPERATOR_NAME)) {
            LOG.warnf("refused=403 action=analyse by=%s reason=\"executing needs the role operator\"", by);
            throw refusal(
                    Response.Status.FORBIDDEN,
                    by
                            + " lacks the role operator, without which nothing is executed; without \"analyze\" the plan is shown");
        }
        var asked = new Analyst.Question(question.sql(), question.parameters(), question.analyze(), by);
        var made = answers.analyse(() -> {
            Analysis analysis = analyst.answer(asked);
            LOG.infof(
                    "action=analyse by=%s statement=%s analysis=%s execute=%s outcome=%s",
                    by,
                    analysis.statementId(),
                    analysis.analysisId(),
                    question.analyze(),
                    analysis.outcome().wireName());
            return new Made<>(analysis.analysisId(), rendered(analysis, rendering));
        });
        return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, made.answer())
                .location(URI.create("/analyses/" + made.id()))
                .build();
    }

    private record Made<T>(UUID id, T answer) {}
}
