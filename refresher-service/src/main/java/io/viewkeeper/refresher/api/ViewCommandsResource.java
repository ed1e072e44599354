// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.refresher.api.Commands.Reply;
import io.viewkeeper.refresher.api.Commands.Wish;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.refresher.command.ViewCommands.Request;
import io.viewkeeper.refresher.command.ViewCommands.Suspension;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.service.access.Role;
import io.viewkeeper.schema.service.http.Parameters;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What an operator may do with one view: have it refreshed now, suspend it, resume it. */
@Path("/views")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@RolesAllowed(Role.OPERATOR_NAME)
@Tag(name = "commands")
public class ViewCommandsResource {
    private final Commands commands;

    ViewCommandsResource(Commands commands) {
        this.commands = commands;
    }

    /** A run that will be. */
    @RegisterForReflection
    record Requested(UUID runId, String view, String state, boolean coalesced) {}

    /** A view that is not refreshed until somebody resumes it. */
    @RegisterForReflection
    record Suspended(
            String view,
            Instant suspendedAt,
            String suspendedBy,
            @Nullable String reason,
            @Nullable UUID forgottenRunId) {}

    /** A view that is refreshed by its schedule again; whether it was not before. */
    @RegisterForReflection
    record Resumed(String view, boolean wasSuspended) {}

    @POST
    @Path("/{view}/refreshes")
    @Operation(summary = "Refresh it now; a request that was not begun yet is joined")
    @APIResponse(responseCode = "202", description = "Location is the run to follow")
    @APIResponse(responseCode = "404", description = "There is no such materialized view")
    @APIResponse(
            responseCode = "409",
            description = "It is refused, suspended or in no group, or its consistent group waits for a suspended view")
    public Response refresh(@PathParam("view") String name, @Context HttpHeaders headers, byte @Nullable [] body) {
        RequestBody.none(body, headers);
        ViewName view = Parameters.view(name);
        return commands.execute(
                new Wish("refresh", "view", view.toString()),
                headers,
                (session, by) -> ViewCommands.refreshView(session, view, by)
                        .map(ViewCommandsResource::reply)
                        .orElseGet(() -> unknown(view)));
    }

    private static Reply reply(Request request) {
        return switch (request) {
            case Request.Accepted(var view, var runId, var coalesced) ->
                Reply.of(Response.Status.ACCEPTED, new Requested(runId, view.toString(), "pending", coalesced))
                        .saying("run=" + runId + " coalesced=" + coalesced);
            case Request.Refused(var view, var reason) ->
                Reply.problem(Response.Status.CONFLICT, view + " is not refreshed: " + reason);
        };
    }

    @POST
    @Path("/{view}/suspend")
    @Operation(summary = "No refresh until it is resumed; one that runs goes on, a pending one is forgotten")
    @APIResponse(responseCode = "200", description = "It is suspended")
    @APIResponse(responseCode = "404", description = "There is no such materialized view")
    public Response suspend(@PathParam("view") String name, @Context HttpHeaders headers, byte @Nullable [] body) {
        Optional<String> reason = RequestBody.reason(body, headers);
        ViewName view = Parameters.view(name);
        return commands.execute(
                new Wish("suspend", "view", view.toString()),
                headers,
                (session, by) -> ViewCommands.suspend(session, view, by, reason.orElse(null))
                        .map(done -> suspended(view, by, reason, done))
                        .orElseGet(() -> unknown(view)));
    }

    private static Reply suspended(ViewName view, String by, Optional<String> reason, Suspension done) {
        var body = new Suspended(view.toString(), done.suspendedAt(), by, reason.orElse(null), done.forgottenRunId());
        return Reply.of(Response.Status.OK, body)
                .saying(reason.map(text -> "reason=" + text).orElse("reason=none"));
    }

    @POST
    @Path("/{view}/resume")
    @Operation(summary = "Refresh it by its schedule again, now first; its failures are forgotten")
    @APIResponse(responseCode = "200", description = "It is not suspended, or no longer")
    @APIResponse(responseCode = "404", description = "There is no such materialized view")
    public Response resume(@PathParam("view") String name, @Context HttpHeaders headers, byte @Nullable [] body) {
        RequestBody.none(body, headers);
        ViewName view = Parameters.view(name);
        return commands.execute(
                new Wish("resume", "view", view.toString()),
                headers,
                (session, _) -> ViewCommands.resume(session, view)
                        .map(was -> Reply.of(Response.Status.OK, new Resumed(view.toString(), was)))
                        .orElseGet(() -> unknown(view)));
    }

    private static Reply unknown(ViewName view) {
        return Reply.problem(
                Response.Status.NOT_FOUND, "no materialized view is called " + view + "; GET /views lists them");
    }
}
