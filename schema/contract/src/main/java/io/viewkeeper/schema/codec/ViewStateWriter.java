// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.ViewState;
import org.jspecify.annotations.Nullable;

/** Writes the payloads of the topic of view states. */
public final class ViewStateWriter {
    private ViewStateWriter() {}

    /** The payload, one line of JSON. */
    public static String json(ViewState state) {
        var payload = JsonNodeFactory.instance.objectNode();
        payload.put("database", state.database());
        payload.putObject("view")
                .put("schema", state.view().schema())
                .put("name", state.view().name())
                .put("oid", state.viewOid());
        payload.put("version", state.version())
                .put("group", state.group())
                .put("state", state.state().wireName());
        writeRefusal(payload, state.refusal());
        payload.put("suspendedAt", Timestamps.formatOrNull(state.suspendedAt()))
                .put("suspendedByOperator", state.suspendedByOperator());
        writePlan(payload, state.plan());
        payload.put("dataAsOf", Timestamps.formatOrNull(state.dataAsOf()))
                .put("changeNoticedAt", Timestamps.formatOrNull(state.changeNoticedAt()));
        writeLast(payload, state.last());
        payload.put("sizeBytes", state.sizeBytes())
                .put("consecutiveFailures", state.consecutiveFailures())
                .put("lastErrorCategory", wireName(state.lastErrorCategory()))
                .put("lastSequence", state.lastSequence())
                .put("changedAt", Timestamps.format(state.changedAt()));
        return payload.toString();
    }

    private static void writeRefusal(ObjectNode payload, ViewState.@Nullable Refusal refusal) {
        if (refusal == null) {
            payload.putNull("refusal");
            return;
        }
        payload.putObject("refusal")
                .put("category", refusal.category().wireName())
                .put("reason", refusal.reason());
    }

    private static void writePlan(ObjectNode payload, ViewState.Plan plan) {
        payload.put("schedule", plan.schedule())
                .put("freshnessTargetMs", plan.freshnessTargetMillis())
                .put("targetRisk", plan.targetRisk())
                .put("nextDueAt", Timestamps.formatOrNull(plan.nextDueAt()));
    }

    private static void writeLast(ObjectNode payload, ViewState.@Nullable LastRun last) {
        payload.put("lastStatus", last == null ? null : last.completed() ? "completed" : "failed")
                .put("lastMethod", last == null ? null : last.method().wireName())
                .put("lastRunId", last == null ? null : last.runId().toString())
                .put("lastFinishedAt", last == null ? null : Timestamps.format(last.finishedAt()))
                .put("lastDurationMs", last == null ? null : (Long) last.durationMillis())
                .put("lastRowsChanged", last == null ? null : last.rowsChanged());
    }

    private static @Nullable String wireName(@Nullable ErrorCategory category) {
        return category == null ? null : category.wireName();
    }
}
