// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshError;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.RefreshRun;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads payloads. Fields that a newer version added are passed over. */
public final class EventReader {
    private EventReader() {}

    /**
     * The event in a payload.
     *
     * @param type the record's {@code ce_type}
     * @throws MalformedEventException if the type is unknown, or the payload lacks what version 1 promises
     */
    public static RefreshEvent read(String type, String json) {
        var payload = Fields.parse(json);
        return switch (type) {
            case RefreshCompleted.TYPE -> completed(payload);
            case RefreshFailed.TYPE -> failed(payload);
            default -> throw new MalformedEventException("unknown ce_type \"" + type + "\"");
        };
    }

    private static RefreshRun run(Fields payload, @Nullable Instant readAt) {
        var view = payload.object("view");
        return new RefreshRun(
                payload.parsed("runId", UUID::fromString),
                payload.text("database"),
                view.viewName(),
                view.number("oid"),
                payload.text("group"),
                payload.number("sequence"),
                (int) payload.number("attempt"),
                payload.parsed("trigger", RefreshTrigger::new),
                payload.parsed("method", RefreshMethod::new),
                payload.instant("scheduledAt"),
                payload.instant("startedAt"),
                readAt,
                payload.optionalInstant("dataAsOf"),
                payload.instant("finishedAt"),
                payload.number("durationMs"),
                payload.number("lockWaitMs"),
                payload.text("instance"));
    }

    private static RefreshCompleted completed(Fields payload) {
        var staleInputs = new ArrayList<ViewName>();
        for (Fields input : payload.array("staleInputs")) {
            staleInputs.add(input.viewName());
        }
        return new RefreshCompleted(
                run(payload, readAt(payload)),
                payload.flag("changed"),
                payload.optionalNumber("rowsInserted"),
                payload.optionalNumber("rowsUpdated"),
                payload.optionalNumber("rowsDeleted"),
                payload.optionalNumber("rowsEstimate"),
                payload.number("sizeBytes"),
                payload.optionalInstant("previousDataAsOf"),
                staleInputs);
    }

    /** The first records of version 1 had one time for both, and it was never null. */
    private static Instant readAt(Fields payload) {
        return payload.optionalInstant("readAt") == null ? payload.instant("dataAsOf") : payload.instant("readAt");
    }

    private static RefreshFailed failed(Fields payload) {
        var error = payload.object("error");
        return new RefreshFailed(
                run(payload, null),
                new RefreshError(
                        ErrorCategory.of(error.text("category")),
                        error.optionalText("sqlState"),
                        error.text("message"),
                        error.flag("retryable")),
                (int) payload.number("consecutiveFailures"),
                payload.optionalInstant("nextAttemptAt"),
                payload.flag("suspended"),
                payload.object("lastSuccess").optionalInstant("dataAsOf"));
    }
}
