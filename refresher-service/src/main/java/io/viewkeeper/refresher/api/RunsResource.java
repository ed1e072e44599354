// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.refresher.api.Commands.Reply;
import io.viewkeeper.refresher.api.Commands.Wish;
import io.viewkeeper.refresher.command.RunCancellation;
import io.viewkeeper.refresher.command.RunCancellation.Outcome;
import io.viewkeeper.refresher.status.RunStatus;
import io.viewkeeper.refresher.status.Runs;
import io.viewkeeper.schema.log.LogText;
import io.viewkeeper.schema.service.access.Role;
import io.viewkeeper.schema.service.http.Parameters;
import io.viewkeeper.schema.service.http.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** One run: where it is, and its end before its time. */
@Path("/runs")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RunsResource {
    private final Runs runs;
    private final Commands commands;
    private final RunCancellation cancellation;
    private final Answers answers;

    RunsResource(Runs runs, Commands commands, RunCancellation cancellation, Answers answers) {
        this.answers = answers;
        this.runs = runs;
        this.commands = commands;
        this.cancellation = cancellation;
    }

    /** A run that will not be, or that ends soon. */
    @RegisterForReflection
    record Cancelled(UUID runId, String view, String state) {}

    @GET
    @Path("/{id}")
    @Tag(name = "views")
    @Operation(summary = "A run: pending, running, completed or failed")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "400", description = "That is no UUID")
    @APIResponse(responseCode = "404", description = "There is no such run, or no longer")
    public RunStatus run(@PathParam("id") String id) {
        UUID runId = runId(id);
        return answers.read(() -> runs.find(runId))
                .orElseThrow(() -> Problem.refusal(Response.Status.NOT_FOUND, unknown(runId)));
    }

    @POST
    @Path("/{id}/cancel")
    @RolesAllowed(Role.OPERATOR_NAME)
    @Tag(name = "commands")
    @Operation(summary = "Forget a pending run, or end one that runs")
    @APIResponse(
            responseCode = "200",
            description = "It was pending and is forgotten; the regular schedule is in force")
    @APIResponse(responseCode = "202", description = "It runs and was told to stop; it ends as failed")
    @APIResponse(responseCode = "404", description = "There is no such run, or no longer")
    @APIResponse(responseCode = "409", description = "It has finished")
    public Response cancel(@PathParam("id") String id, @Context HttpHeaders headers, byte @Nullable [] body) {
        RequestBody.none(body, headers);
        UUID runId = runId(id);
        return commands.execute(
                new Wish("cancel", "run", runId.toString()),
                headers,
                (session, by) -> cancellation
                        .cancel(session, runId, by)
                        .map(done -> reply(runId, done))
                        .orElseGet(() -> Reply.problem(Response.Status.NOT_FOUND, unknown(runId))));
    }

    private Reply reply(UUID runId, Outcome done) {
        String view = done.view().toString();
        Reply reply = switch (done) {
            case Outcome.Forgotten _ -> Reply.of(Response.Status.OK, new Cancelled(runId, view, "forgotten"));
            case Outcome.Marked _ ->
                Reply.of(Response.Status.ACCEPTED, new Cancelled(runId, view, "cancelling"))
                        .then(cancellation::end);
            case Outcome.TooLate(var _, var status) ->
                Reply.problem(Response.Status.CONFLICT, "the run has ended already: " + status);
        };
        return reply.saying("view=" + LogText.of(view));
    }

    private static UUID runId(String id) {
        return Parameters.id(id, "a run, as a refresh's answer gave it,");
    }

    private static String unknown(UUID runId) {
        return "there is no run " + runId + ": it never was, was forgotten before it began, or its row was purged";
    }
}
