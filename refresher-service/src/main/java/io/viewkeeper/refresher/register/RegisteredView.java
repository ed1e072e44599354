// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.register;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.state.Registration;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code viewkeeper.view_state} says of an existing view, as far as catalog and settings decide it. */
record RegisteredView(
        long oid,
        @Nullable String group,
        @Nullable String refusal,
        @Nullable Long intervalMillis,
        @Nullable Long targetMillis,
        long jitterMillis,
        @Nullable String schedule,
        int priority,
        boolean consistent,
        List<Long> inputOids,
        @Nullable Instant nextDueAt,
        @Nullable Instant suspendedAt,
        int failures,
        boolean atRisk) {

    private static final String ALL = """
        /* viewkeeper:view-register */
        select
          view_schema, view_name, view_oid::bigint, view_group, refusal, interval_ms, freshness_target_ms, jitter_ms,
          schedule, priority, consistent, input_oids::bigint[] as input_oids, next_due_at, suspended_at,
          consecutive_failures, target_risk is not null as at_risk
        from viewkeeper.view_state
        where dropped_at is null
        """;

    static Map<ViewName, RegisteredView> all(Database database) {
        var views = new HashMap<ViewName, RegisteredView>();
        database.query(ALL, row -> views.put(ViewNames.of(row), read(row)));
        return views;
    }

    private static RegisteredView read(Row row) {
        return new RegisteredView(
                row.getLong("view_oid"),
                row.getString("view_group"),
                row.getString("refusal"),
                row.getLong("interval_ms"),
                row.getLong("freshness_target_ms"),
                row.getLong("jitter_ms"),
                row.getString("schedule"),
                row.getInteger("priority"),
                row.getBoolean("consistent"),
                List.of(row.getArrayOfLongs("input_oids")),
                Instants.orNull(row, "next_due_at"),
                Instants.orNull(row, "suspended_at"),
                row.getInteger("consecutive_failures"),
                row.getBoolean("at_risk"));
    }

    /** Whether people are told the same by it: group, refusal, and whether it is the same view at all. */
    boolean saysTheSameAs(Registration view) {
        return Objects.equals(group, view.group())
                && Objects.equals(refusal, view.refusal())
                && oid == view.view().oid();
    }

    /** Whether the row must be written; one that would not change is left alone. */
    boolean differsFrom(Registration view) {
        Instant latest = view.latestNext();
        return !saysTheSameAs(view)
                || priority != view.priority()
                || consistent != view.consistent()
                || jitterMillis != view.jitterMillis()
                || !Objects.equals(intervalMillis, view.intervalMillis())
                || !Objects.equals(targetMillis, view.targetMillis())
                || !Objects.equals(schedule, view.schedule())
                || !inputOids.equals(view.inputOids())
                || ((nextDueAt == null) != (latest == null) && suspendedAt == null)
                || (suspendedAt == null && isDueAfter(latest));
    }

    private boolean isDueAfter(@Nullable Instant latest) {
        return latest != null && nextDueAt != null && nextDueAt.isAfter(latest);
    }
}
