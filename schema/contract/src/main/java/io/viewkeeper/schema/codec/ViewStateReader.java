// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.RefreshMethod;
import io.viewkeeper.schema.event.ViewState;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the payloads of the topic of view states. Fields that a newer version added are passed over. */
public final class ViewStateReader {
    private ViewStateReader() {}

    /**
     * The state in a payload. A tombstone has none: do not ask for it.
     *
     * @param type the record's {@code ce_type}
     * @throws MalformedEventException if the type is unknown, or the payload lacks what version 1 promises
     */
    public static ViewState read(String type, String json) {
        if (!type.equals(ViewState.TYPE)) {
            throw new MalformedEventException("unknown ce_type \"" + type + "\"");
        }
        var payload = Fields.parse(json);
        var view = payload.object("view");
        return new ViewState(
                payload.text("database"),
                view.viewName(),
                view.number("oid"),
                payload.number("version"),
                payload.optionalText("group"),
                payload.parsed("state", ViewState.State::of),
                refusal(payload),
                payload.optionalInstant("suspendedAt"),
                payload.flag("suspendedByOperator"),
                plan(payload),
                payload.optionalInstant("dataAsOf"),
                payload.optionalInstant("changeNoticedAt"),
                last(payload),
                payload.optionalNumber("sizeBytes"),
                (int) payload.number("consecutiveFailures"),
                category(payload.optionalText("lastErrorCategory")),
                payload.number("lastSequence"),
                payload.instant("changedAt"));
    }

    private static ViewState.@Nullable Refusal refusal(Fields payload) {
        return payload.optionalObject("refusal")
                .map(refusal ->
                        new ViewState.Refusal(ErrorCategory.of(refusal.text("category")), refusal.text("reason")))
                .orElse(null);
    }

    private static ViewState.Plan plan(Fields payload) {
        return new ViewState.Plan(
                payload.optionalText("schedule"),
                payload.optionalNumber("freshnessTargetMs"),
                payload.optionalText("targetRisk"),
                payload.optionalInstant("nextDueAt"));
    }

    private static ViewState.@Nullable LastRun last(Fields payload) {
        if (payload.optionalText("lastRunId") == null) {
            return null;
        }
        return new ViewState.LastRun(
                payload.parsed("lastRunId", UUID::fromString),
                payload.parsed("lastStatus", ViewStateReader::completed),
                payload.parsed("lastMethod", RefreshMethod::new),
                payload.instant("lastFinishedAt"),
                payload.number("lastDurationMs"),
                payload.optionalNumber("lastRowsChanged"));
    }

    private static boolean completed(String status) {
        return switch (status) {
            case "completed" -> true;
            case "failed" -> false;
            default -> throw new IllegalArgumentException("a refresh has completed or failed");
        };
    }

    private static @Nullable ErrorCategory category(@Nullable String wireName) {
        return wireName == null ? null : ErrorCategory.of(wireName);
    }
}
