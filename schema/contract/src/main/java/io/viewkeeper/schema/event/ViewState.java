// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a view now: the value of its key on the compacted topic of view states. Version 1; within it changes
 * are additive. Times are of the database server's clock.
 *
 * @param database name of the database, {@code pg_database.datname}
 * @param viewOid {@code pg_class.oid}: tells a re-created view from its predecessor
 * @param version grows by one with each record of this view; not the sequence of its refreshes
 * @param group the group whose schedule the view follows; null when no group's pattern matches it
 * @param refusal why it cannot be refreshed as its policy wishes; null when it can
 * @param suspendedAt since when no refresh is tried; null when it is not suspended
 * @param suspendedByOperator a person suspended it; false when its own failures did, and when it is not suspended
 * @param dataAsOf the data is at least as new as this; null when that is unknown
 * @param changeNoticedAt when a change that was not ours was noticed, since the last good refresh; null when there was none
 * @param last the last refresh that ended, good or bad; null before the first
 * @param sizeBytes of the view with its indexes and TOAST, as of the last good refresh
 * @param lastErrorCategory of the last failure; null after a good refresh
 * @param lastSequence sequence of the last refresh event; 0 before the first
 * @param changedAt when this became so, or was told again because the topic was lost
 */
public record ViewState(
        String database,
        ViewName view,
        long viewOid,
        long version,
        @Nullable String group,
        State state,
        @Nullable Refusal refusal,
        @Nullable Instant suspendedAt,
        boolean suspendedByOperator,
        Plan plan,
        @Nullable Instant dataAsOf,
        @Nullable Instant changeNoticedAt,
        @Nullable LastRun last,
        @Nullable Long sizeBytes,
        int consecutiveFailures,
        @Nullable ErrorCategory lastErrorCategory,
        long lastSequence,
        Instant changedAt) {

    public static final String TYPE = "io.viewkeeper.view-state.v1";
    public static final String DATA_SCHEMA = "https://viewkeeper.io/schema/view-state.v1.schema.json";

    /** The {@code ce_type}. */
    public String type() {
        return TYPE;
    }

    /** The {@code ce_dataschema}: identifier of the payload's JSON Schema, which ships beside these classes. */
    public String dataSchema() {
        return DATA_SCHEMA;
    }

    /** Whether the view is refreshed, and if not, why. */
    public enum State {
        /** A group asks for it, and it can be refreshed. */
        SCHEDULED,
        /** A group asks for it, and it cannot be refreshed as its policy wishes. */
        REFUSED,
        /** It is not refreshed until it is resumed; with {@code nextDueAt}, until then. */
        SUSPENDED,
        /** No group asks for it. */
        UNSCHEDULED;

        /** As payloads spell it. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException if there is no such state */
        public static State of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /** Why a view cannot be refreshed as its policy wishes; the reason is a sentence for people. */
    public record Refusal(ErrorCategory category, String reason) {}

    /**
     * When it is to be refreshed.
     *
     * @param schedule as the settings say it: an interval or a cron expression with its zone
     * @param freshnessTargetMillis how old the data may become before it counts as stale
     * @param targetRisk why that cannot be met; null when it can
     * @param nextDueAt null when nothing is planned
     */
    public record Plan(
            @Nullable String schedule,
            @Nullable Long freshnessTargetMillis,
            @Nullable String targetRisk,
            @Nullable Instant nextDueAt) {}

    /**
     * How a refresh ended.
     *
     * @param completed false when it failed
     * @param rowsChanged inserted, updated and deleted; null for a plain refresh and for a failed one
     */
    public record LastRun(
            UUID runId,
            boolean completed,
            RefreshMethod method,
            Instant finishedAt,
            long durationMillis,
            @Nullable Long rowsChanged) {}
}
