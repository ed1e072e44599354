package io.viewkeeper.optimizer.api;

import static io.viewkeeper.schema.access.Problem.refusal;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.analysis.Analyses;
import io.viewkeeper.optimizer.analysis.Analysis;
import io.viewkeeper.optimizer.analysis.Analyst;
import io.viewkeeper.schema.access.Caller;
import io.viewkeeper.schema.access.Problem;
import io.viewkeeper.schema.access.Role;
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
import java.util.concurrent.Semaphore;
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
    /** Persons' analyses at once, in this replica; one statement at a time is explained anyway. */
    private static final int MOST = 4;

    private final Analyses analyses;
    private final Analyst analyst;
    private final SecurityIdentity identity;
    private final Semaphore places = new Semaphore(MOST);

    AnalysesResource(Analyses analyses, Analyst analyst, SecurityIdentity identity) {
        this.analyses = analyses;
        this.analyst = analyst;
        this.identity = identity;
    }

    @GET
    @Path("/{id}")
    @Produces("application/json;qs=1.0")
    @RunOnVirtualThread
    @Operation(operationId = "analysis", summary = "One analysis: the plan, where its time goes, what is wrong with it")
    @APIResponse(responseCode = "200", description = "The analysis")
    @APIResponse(
            responseCode = "404",
            description = "There is none of this id, or it is older than what is kept",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public AnalysisAnswer analysis(@PathParam("id") String id) {
        return AnalysisAnswer.of(find(id));
    }

    @GET
    @Path("/{id}")
    @Produces("text/plain;qs=0.5")
    @RunOnVirtualThread
    @Operation(hidden = true)
    public String page(@PathParam("id") String id) {
        return PlanPage.of(find(id));
    }

    private Analysis find(String id) {
        return analyses.find(Parameters.analysis(id))
                .orElseThrow(() -> refusal(
                        Response.Status.NOT_FOUND,
                        "there is no analysis " + id + ", or it is older than what is kept"));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces("application/json;qs=1.0")
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
    @APIResponse(responseCode = "429", description = "Too many at once")
    public RestResponse<AnalysisAnswer> analyse(
            @RequestBody(content = @Content(schema = @Schema(implementation = AnalysisQuestion.class)))
                    byte @Nullable [] body) {
        Analysis made = make(body);
        return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, AnalysisAnswer.of(made))
                .location(URI.create("/analyses/" + made.analysisId()))
                .build();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces("text/plain;qs=0.5")
    @RolesAllowed({Role.OPERATOR_NAME, Role.READER_NAME})
    @RunOnVirtualThread
    @Operation(hidden = true)
    public RestResponse<String> analysePage(byte @Nullable [] body) {
        Analysis made = make(body);
        return RestResponse.ResponseBuilder.create(RestResponse.Status.CREATED, PlanPage.of(made))
                .location(URI.create("/analyses/" + made.analysisId()))
                .build();
    }

    private Analysis make(byte @Nullable [] body) {
        AnalysisQuestion question = AnalysisQuestion.read(body);
        String by = Caller.name(identity);
        if (question.analyze() && !identity.hasRole(Role.OPERATOR_NAME)) {
            LOG.warnf("refused=403 action=analyse by=%s reason=\"executing needs the role operator\"", by);
            throw refusal(
                    Response.Status.FORBIDDEN,
                    by
                            + " lacks the role operator, without which nothing is executed; without \"analyze\" the plan is shown");
        }
        if (!places.tryAcquire()) {
            throw refusal(
                    Response.Status.TOO_MANY_REQUESTS,
                    "there are " + MOST + " analyses under way; try again in a moment");
        }
        try {
            Analysis made =
                    analyst.answer(new Analyst.Question(question.sql(), question.parameters(), question.analyze(), by));
            LOG.infof(
                    "action=analyse by=%s statement=%s analysis=%s execute=%s outcome=%s",
                    by,
                    made.statementId(),
                    made.analysisId(),
                    question.analyze(),
                    made.outcome().wireName());
            return made;
        } finally {
            places.release();
        }
    }
}
