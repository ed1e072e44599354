// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.analysis.PlanReviewer;
import io.viewkeeper.optimizer.analysis.PlanReviewer.Review;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.PlanShape;
import io.viewkeeper.schema.service.http.Problem;
import io.viewkeeper.schema.service.http.Terminal;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Plans that somebody brings. No database is asked, nothing is kept: it needs no token. */
@Path("/plans")
@Tag(name = "plans")
@Consumes(MediaType.WILDCARD)
public class PlansResource {
    private static final String COMMAND =
            "Send what PostgreSQL answers to: explain (analyze, buffers, verbose, settings, format json) select ... In any"
                    + " of its formats, as psql, a client or auto_explain shows it.";

    private final PlanReviewer reviewer;

    PlansResource(PlanReviewer reviewer) {
        this.reviewer = reviewer;
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(
            operationId = "reviewPlans",
            summary =
                    "What is wrong with plans that you bring: the output of EXPLAIN or of auto_explain, in any format",
            description =
                    "JSON, TEXT, YAML or XML, alone or as psql, a client, a log or a page shows it, of any content type. "
                            + "Best with ANALYZE, BUFFERS, VERBOSE and SETTINGS. Of PostgreSQL 10 and newer (TEXT: 12). Nothing is kept.")
    @APIResponse(responseCode = "200", description = "One answer for each plan")
    @APIResponse(
            responseCode = "400",
            description = "This is no plan; the message says where it stops being one",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "429", description = "Too many at once")
    @APIResponse(responseCode = "503", description = "It takes too long")
    public List<PlanAnswer> review(byte @Nullable [] body) {
        return reviewed(body, reviews -> reviews.stream().map(PlanAnswer::of).toList());
    }

    @POST
    @Produces(Terminal.TEXT)
    @RunOnVirtualThread
    @Operation(hidden = true)
    public String page(byte @Nullable [] body) {
        return reviewed(
                body,
                reviews -> reviews.stream()
                        .map(review -> PlanPage.of(review.plan(), review.findings()))
                        .collect(Collectors.joining("\n")));
    }

    private <T> T reviewed(byte @Nullable [] body, PlanReviewer.Rendering<T> rendering) {
        try {
            return reviewer.review(Uploads.text(body), rendering);
        } catch (MalformedPlanException malformed) {
            throw Problem.badRequest("This is no plan: " + malformed.getMessage() + ". " + COMMAND);
        }
    }

    /** A plan in an answer. */
    @Schema(name = "Plan")
    public record PlanAnswer(
            boolean analyzed,
            @Nullable Double planningMillis,
            @Nullable Double executionMillis,
            String planHash,
            List<FindingAnswer> findings,
            List<NodeAnswer> nodes) {
        static PlanAnswer of(Review review) {
            return new PlanAnswer(
                    review.plan().analyzed(),
                    review.plan().planningMillis(),
                    review.plan().executionMillis(),
                    PlanShape.hash(review.plan()),
                    review.findings().stream().map(FindingAnswer::of).toList(),
                    NodeAnswer.of(review.plan()));
        }
    }
}
