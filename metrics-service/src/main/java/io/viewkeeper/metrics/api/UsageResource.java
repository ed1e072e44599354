// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.metrics.usage.Usage;
import io.viewkeeper.metrics.usage.UsageReport;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What each view is good for. */
@Path("/usage")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "views")
public class UsageResource {
    private final UsageReport report;

    UsageResource(UsageReport report) {
        this.report = report;
    }

    @GET
    @RunOnVirtualThread
    @Operation(
            operationId = "usage",
            summary = "How often and how fast each view is read, and what its refreshes cost per read",
            description = "Read from memory. Statements are those of pg_stat_statements since this process started; of"
                    + " Viewkeeper's own none counts. No text of a statement is kept.")
    public Usage usage() {
        return report.now();
    }
}
