// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.refresher.api.Commands.Reply;
import io.viewkeeper.refresher.api.Commands.Wish;
import io.viewkeeper.refresher.command.ViewCommands;
import io.viewkeeper.refresher.command.ViewCommands.Request;
import io.viewkeeper.refresher.status.GroupMembers;
import io.viewkeeper.refresher.status.GroupStatus;
import io.viewkeeper.refresher.status.ViewStatuses;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.service.access.Role;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The groups, and what an operator may do with all views of one: have them refreshed now, suspend, resume them. */
@Path("/groups")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class GroupsResource {
    private static final int LONGEST_NAME = 200;

    private final ViewStatuses statuses;
    private final Commands commands;
    private final Answers answers;

    GroupsResource(ViewStatuses statuses, Commands commands, Answers answers) {
        this.statuses = statuses;
        this.answers = answers;
        this.commands = commands;
    }

    /** What becomes of each view of the group. */
    @RegisterForReflection
    record Requested(String group, List<Run> runs, List<LeftOut> leftOut) {}

    /** A run that will be. */
    @RegisterForReflection
    record Run(String view, UUID runId, boolean coalesced) {}

    /** A view that is not refreshed, and why. */
    @RegisterForReflection
    record LeftOut(String view, String reason) {}

    /** Not one view of the group can be refreshed. */
    @RegisterForReflection
    record AllLeftOut(String message, List<LeftOut> leftOut) {}

    /** Its views are not refreshed until somebody resumes them. */
    @RegisterForReflection
    record Suspended(
            String group, String suspendedBy, @Nullable String reason, List<String> views) {}

    /** Its views are refreshed by their schedule again. */
    @RegisterForReflection
    record Resumed(String group, List<ResumedView> views) {}

    /** A view, and whether it was suspended before. */
    @RegisterForReflection
    record ResumedView(String view, boolean wasSuspended) {}

    @GET
    @Tag(name = "views")
    @Operation(summary = "Every group that has a view: how many, and how many of them in which state")
    public List<GroupStatus> groups() {
        return answers.read(statuses::groups);
    }

    @GET
    @Path("/{group}")
    @Tag(name = "views")
    @Operation(summary = "One group and its views: which run, which are due, and what those wait for")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "404", description = "No view belongs to such a group")
    public GroupMembers group(@PathParam("group") String name) {
        String group = groupName(name);
        return answers.read(() -> statuses.group(group))
                .orElseThrow(() -> Problem.refusal(
                        Response.Status.NOT_FOUND,
                        "no view belongs to such a group; GET /groups lists those that have views"));
    }

    @POST
    @Path("/{group}/refreshes")
    @RolesAllowed(Role.OPERATOR_NAME)
    @Tag(name = "commands")
    @Operation(summary = "Refresh every view of the group now; requests that were not begun yet are joined")
    @APIResponse(
            responseCode = "202",
            description = "A run for each view, and the views that are left out, with the reason")
    @APIResponse(responseCode = "404", description = "No view belongs to such a group")
    @APIResponse(responseCode = "409", description = "Every view of the group is left out")
    public Response refresh(@PathParam("group") String name, @Context HttpHeaders headers, byte @Nullable [] body) {
        RequestBody.none(body, headers);
        String group = groupName(name);
        return commands.execute(
                new Wish("refresh", "group", group),
                headers,
                (session, by) -> reply(session, group, ViewCommands.refreshGroup(session, group, by)));
    }

    @POST
    @Path("/{group}/suspend")
    @RolesAllowed(Role.OPERATOR_NAME)
    @Tag(name = "commands")
    @Operation(summary = "No refresh of its views until they are resumed; those that run go on")
    @APIResponse(responseCode = "200", description = "Every view of the group is suspended")
    @APIResponse(responseCode = "404", description = "No view belongs to such a group")
    public Response suspend(@PathParam("group") String name, @Context HttpHeaders headers, byte @Nullable [] body) {
        Optional<String> reason = RequestBody.reason(body, headers);
        String group = groupName(name);
        return commands.execute(new Wish("suspend", "group", group), headers, (session, by) -> {
            List<String> views = ViewCommands.suspendGroup(session, group, by, reason.orElse(null)).stream()
                    .map(ViewName::toString)
                    .toList();
            return views.isEmpty()
                    ? unknown(session)
                    : Reply.of(Response.Status.OK, new Suspended(group, by, reason.orElse(null), views))
                            .saying("views=" + views.size());
        });
    }

    @POST
    @Path("/{group}/resume")
    @RolesAllowed(Role.OPERATOR_NAME)
    @Tag(name = "commands")
    @Operation(summary = "Refresh its suspended views by their schedule again, now first; their failures are forgotten")
    @APIResponse(responseCode = "200", description = "No view of the group is suspended")
    @APIResponse(responseCode = "404", description = "No view belongs to such a group")
    public Response resume(@PathParam("group") String name, @Context HttpHeaders headers, byte @Nullable [] body) {
        RequestBody.none(body, headers);
        String group = groupName(name);
        return commands.execute(new Wish("resume", "group", group), headers, (session, _) -> {
            List<ResumedView> views = ViewCommands.resumeGroup(session, group).entrySet().stream()
                    .map(view -> new ResumedView(view.getKey().toString(), view.getValue()))
                    .toList();
            return views.isEmpty()
                    ? unknown(session)
                    : Reply.of(Response.Status.OK, new Resumed(group, views)).saying("views=" + views.size());
        });
    }

    private static String groupName(String text) {
        if (text.length() > LONGEST_NAME || text.indexOf('\0') >= 0) {
            throw Problem.badRequest("a group's name has at most " + LONGEST_NAME + " characters, and no NUL");
        }
        return text;
    }

    private static Reply unknown(Session session) {
        return Reply.problem(
                Response.Status.NOT_FOUND,
                "no view belongs to such a group; there are: " + String.join(", ", ViewCommands.groups(session)));
    }

    private static Reply reply(Session session, String group, List<Request> requests) {
        if (requests.isEmpty()) {
            return unknown(session);
        }
        var runs = new ArrayList<Run>();
        var leftOut = new ArrayList<LeftOut>();
        for (var request : requests) {
            switch (request) {
                case Request.Accepted(var view, var runId, var coalesced) ->
                    runs.add(new Run(view.toString(), runId, coalesced));
                case Request.Refused(var view, var reason) -> leftOut.add(new LeftOut(view.toString(), reason));
            }
        }
        String counts = "runs=" + runs.size() + " leftOut=" + leftOut.size();
        return runs.isEmpty()
                ? Reply.of(
                                Response.Status.CONFLICT,
                                new AllLeftOut("every view of the group " + group + " is left out", leftOut))
                        .saying(counts)
                : Reply.of(Response.Status.ACCEPTED, new Requested(group, runs, leftOut))
                        .saying(counts);
    }
}
