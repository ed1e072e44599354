// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.viewkeeper.schema.event.RefreshCompleted;
import io.viewkeeper.schema.event.RefreshEvent;
import io.viewkeeper.schema.event.RefreshFailed;
import io.viewkeeper.schema.event.RefreshRun;

/** Writes payloads. */
public final class EventWriter {
    private EventWriter() {}

    /** The payload, one line of JSON. */
    public static String json(RefreshEvent event) {
        var payload = JsonNodeFactory.instance.objectNode();
        writeRun(payload, event.run());
        switch (event) {
            case RefreshCompleted completed -> writeCompleted(payload, completed);
            case RefreshFailed failed -> writeFailed(payload, failed);
        }
        return payload.toString();
    }

    private static void writeRun(ObjectNode payload, RefreshRun run) {
        payload.put("runId", run.runId().toString()).put("database", run.database());
        payload.putObject("view")
                .put("schema", run.view().schema())
                .put("name", run.view().name())
                .put("oid", run.viewOid());
        payload.put("group", run.group())
                .put("sequence", run.sequence())
                .put("attempt", run.attempt())
                .put("trigger", run.trigger().wireName())
                .put("method", run.method().wireName())
                .put("scheduledAt", Timestamps.formatOrNull(run.scheduledAt()))
                .put("startedAt", Timestamps.formatOrNull(run.startedAt()))
                .put("readAt", Timestamps.formatOrNull(run.readAt()))
                .put("dataAsOf", Timestamps.formatOrNull(run.dataAsOf()))
                .put("finishedAt", Timestamps.formatOrNull(run.finishedAt()))
                .put("durationMs", run.durationMillis())
                .put("lockWaitMs", run.lockWaitMillis())
                .put("instance", run.instance());
    }

    private static void writeCompleted(ObjectNode payload, RefreshCompleted completed) {
        payload.put("changed", completed.changed())
                .put("rowsInserted", completed.rowsInserted())
                .put("rowsUpdated", completed.rowsUpdated())
                .put("rowsDeleted", completed.rowsDeleted())
                .put("rowsEstimate", completed.rowsEstimate())
                .put("sizeBytes", completed.sizeBytes())
                .put("previousDataAsOf", Timestamps.formatOrNull(completed.previousDataAsOf()));
        var staleInputs = payload.putArray("staleInputs");
        for (var input : completed.staleInputs()) {
            staleInputs.addObject().put("schema", input.schema()).put("name", input.name());
        }
    }

    private static void writeFailed(ObjectNode payload, RefreshFailed failed) {
        payload.putObject("error")
                .put("category", failed.error().category().wireName())
                .put("sqlState", failed.error().sqlState())
                .put("message", failed.error().message())
                .put("retryable", failed.error().retryable());
        payload.put("consecutiveFailures", failed.consecutiveFailures())
                .put("nextAttemptAt", Timestamps.formatOrNull(failed.nextAttemptAt()))
                .put("suspended", failed.suspended());
        payload.putObject("lastSuccess").put("dataAsOf", Timestamps.formatOrNull(failed.lastSuccessDataAsOf()));
    }
}
