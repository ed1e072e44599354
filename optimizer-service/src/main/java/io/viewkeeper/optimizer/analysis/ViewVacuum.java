// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * VACUUM (ANALYZE) of a refreshed view where it pays: a refresh leaves no page all-visible, so that index-only scans visit the
 * table, and statistics of the content before. Never beside a refresh, never waiting for a lock; recorded in
 * {@code maintenance.index_maintenance_log}.
 */
final class ViewVacuum {
    private static final Logger LOG = Logger.getLogger(ViewVacuum.class);
    /** Below this a view is read faster than it is vacuumed. */
    private static final long FEWEST_PAGES = 128;

    private static final String NEED = """
        /* viewkeeper:vacuum */
        select
          case
            when c.relpages < $3 and c.reltuples >= 0 then null
            when c.reltuples < 0 then 'it was never vacuumed nor analysed'
            when s.n_dead_tup > 0.2 * greatest(c.reltuples, 1) then 'dead rows are more than a fifth of its rows'
            when c.relallvisible < 0.5 * c.relpages then 'less than half of its pages are all-visible'
            when s.n_mod_since_analyze > 0.2 * greatest(c.reltuples, 1) then 'more than a fifth of its rows changed since it was analysed'
          end as reason,
          exists (
            select
            from viewkeeper.refresh_run r
            where r.view_schema = $1 and r.view_name = $2
          ) as refreshing,
          pg_catalog.pg_has_role(current_user, c.relowner, 'usage')
            or case
              when pg_catalog.current_setting('server_version_num')::integer >= 170000
              then pg_catalog.has_table_privilege(c.oid, 'maintain')
              else false
            end as permitted
        from viewkeeper.view_relation v
        join pg_catalog.pg_class c on c.oid = v.storage_oid
        left join pg_catalog.pg_stat_all_tables s on s.relid = c.oid
        where v.view_schema = $1
          and v.view_name = $2
        """;

    private static final String RECORD = """
        /* viewkeeper:vacuum */
        insert into maintenance.index_maintenance_log (
          action, object_schema, object_name, reason, status, duration_ms, sqlstate, error_message, instance)
        values ('vacuum', $1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private record Need(@Nullable String reason, boolean refreshing, boolean permitted) {}

    private final Database database;
    private final String instance;
    private final Duration patience;

    ViewVacuum(Database database, String instance, Duration patience) {
        this.database = database;
        this.instance = instance;
        this.patience = patience;
    }

    /**
     * What was done.
     *
     * @param status completed, failed, skipped
     * @param why what made it worth while, and what kept it from being done
     */
    record Outcome(ViewName view, String status, String why, double millis) {}

    /** Empty where it would not pay, or the view is gone. */
    Optional<Outcome> afterRefresh(ViewName view) {
        Optional<Need> need = database.queryFirst(
                NEED,
                row -> new Need(row.getString("reason"), row.getBoolean("refreshing"), row.getBoolean("permitted")),
                view.schema(),
                view.name(),
                FEWEST_PAGES);
        String reason = need.map(Need::reason).orElse(null);
        if (need.isEmpty() || reason == null) {
            return Optional.empty();
        }
        if (need.get().refreshing()) {
            return Optional.of(recorded(view, reason, "skipped", 0, null, "a refresh of it is running"));
        }
        if (!need.get().permitted()) {
            return Optional.of(recorded(
                    view,
                    reason,
                    "skipped",
                    0,
                    "42501",
                    "the optimizer may not vacuum it: grant maintain on it (17 and newer), or leave it to autovacuum"));
        }
        return Optional.of(vacuum(view, reason));
    }

    private Outcome vacuum(ViewName view, String reason) {
        long began = System.nanoTime();
        try {
            // Skips a view that somebody has locked, a refresh that has just begun for one.
            database.command("/* viewkeeper:vacuum */ vacuum (analyze, skip_locked) " + view.quoted(), patience);
            return recorded(view, reason, "completed", millisSince(began), null, null);
        } catch (DatabaseException refused) {
            return recorded(
                    view,
                    reason,
                    "failed",
                    millisSince(began),
                    refused.sqlState().code(),
                    refused.serverMessage());
        }
    }

    private static double millisSince(long began) {
        return (System.nanoTime() - began) / 1e6;
    }

    private Outcome recorded(
            ViewName view,
            String reason,
            String status,
            double millis,
            @Nullable String sqlState,
            @Nullable String error) {
        database.update(
                RECORD, view.schema(), view.name(), reason, status, Math.round(millis), sqlState, error, instance);
        LOG.infof(
                "view=%s action=vacuum status=%s durationMs=%.0f reason=\"%s\"%s",
                view, status, millis, reason, error == null ? "" : " error=\"" + error + "\"");
        return new Outcome(view, status, error == null ? reason : reason + "; " + error, millis);
    }
}
