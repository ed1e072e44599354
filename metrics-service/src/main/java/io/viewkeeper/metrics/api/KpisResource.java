// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.metrics.kpi.KpiBoard;
import io.viewkeeper.metrics.kpi.KpiStatus;
import io.viewkeeper.schema.service.http.Terminal;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How the database and its views do, measured against what was wished for. */
@Path("/kpis")
@Tag(name = "kpis")
public class KpisResource {
    private final KpiBoard board;

    KpisResource(KpiBoard board) {
        this.board = board;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(
            operationId = "kpis",
            summary = "Each KPI with its value, target, alert threshold and verdict",
            description = "Judged every few seconds, read from memory. What is unknown says why. Also as text/plain.")
    public List<KpiAnswer> kpis() {
        String database = board.database();
        return board.statuses().stream()
                .map(status -> KpiAnswer.of(database, status))
                .toList();
    }

    @GET
    @Produces(Terminal.TEXT)
    @RunOnVirtualThread
    @Operation(hidden = true)
    public String page() {
        return KpiPage.of(board.database(), board.statuses());
    }

    /** A KPI in an answer. */
    @Schema(name = "Kpi")
    public record KpiAnswer(
            @Schema(description = "Its name, as in settings and on metrics")
            String kpi,

            @Schema(description = "null until the database was read", nullable = true) @Nullable
            String database,

            @Schema(
                    description =
                            "null if unknown, or infinite because a view was never refreshed, or its age is unknown",
                    nullable = true)
            @Nullable
            Double value,

            @Schema(
                    enumeration = {"ms", "ratio", "percent", "minutes"},
                    description = "Of value, target and alert")
            String unit,

            @Schema(description = "At the target or better is ok")
            double target,

            @Schema(description = "Worse than this is critical")
            double alert,

            @Schema(
                    enumeration = {"higher", "lower"},
                    description = "Which values are the worse ones")
            String worse,

            @Schema(enumeration = {"ok", "warning", "critical", "unknown"})
            String verdict,

            @Schema(description = "When the verdict became what it is, by this process")
            Instant since,

            @Schema(description = "This process has come to no other verdict: it may have been so for longer")
            boolean sinceStart,

            @Schema(
                    description = "A sentence: why it is unknown, or which view made the value; else null",
                    nullable = true)
            @Nullable
            String reason) {

        static KpiAnswer of(String database, KpiStatus status) {
            var value = status.measurement().value();
            return new KpiAnswer(
                    status.kpi().label(),
                    database.isEmpty() ? null : database,
                    value.isPresent() && Double.isFinite(value.getAsDouble()) ? value.getAsDouble() : null,
                    status.kpi().unit().label(),
                    status.limits().target(),
                    status.limits().alert(),
                    status.kpi().worse().name().toLowerCase(Locale.ROOT),
                    status.verdict().label(),
                    status.since(),
                    status.sinceStart(),
                    status.measurement().reason());
        }
    }
}
