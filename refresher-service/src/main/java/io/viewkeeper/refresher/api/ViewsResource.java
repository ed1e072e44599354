// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.api;

import static io.viewkeeper.schema.service.http.Problem.refusal;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.refresher.status.RefreshRecord;
import io.viewkeeper.refresher.status.ViewStatus;
import io.viewkeeper.refresher.status.ViewStatuses;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.service.http.Parameters;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What is refreshed, in which state it is, what was done to it. Reads only. */
@Path("/views")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "views")
public class ViewsResource {
    private final ViewStatuses statuses;
    private final Answers answers;

    ViewsResource(ViewStatuses statuses, Answers answers) {
        this.statuses = statuses;
        this.answers = answers;
    }

    @GET
    @Operation(summary = "Every materialized view of the database: its group, the age of its data, what is due")
    public List<ViewStatus> views() {
        return answers.read(statuses::all);
    }

    @GET
    @Path("/{view}")
    @Operation(summary = "One view, named schema.view as pg_catalog spells it")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "400", description = "No view can have such a name")
    @APIResponse(responseCode = "404", description = "There is no such materialized view")
    public ViewStatus view(@PathParam("view") String view) {
        ViewName name = Parameters.view(view);
        return answers.read(() -> statuses.find(name))
                .orElseThrow(
                        () -> refusal(
                                Response.Status.NOT_FOUND,
                                "no materialized view is called " + view
                                        + "; GET /views lists those that exist, new ones appear within the discovery interval"));
    }

    @GET
    @Path("/{view}/refreshes")
    @Operation(summary = "The view's last refreshes, good and bad, newest first")
    @APIResponse(responseCode = "200")
    @APIResponse(responseCode = "400", description = "The limit is not between 1 and 1000")
    @APIResponse(responseCode = "404", description = "There is no such materialized view")
    public List<RefreshRecord> refreshes(
            @PathParam("view") String view, @QueryParam("limit") @DefaultValue("100") String limit) {
        ViewStatus found = view(view);
        int most = Parameters.limit(limit);
        return answers.read(() -> statuses.history(found, most));
    }
}
