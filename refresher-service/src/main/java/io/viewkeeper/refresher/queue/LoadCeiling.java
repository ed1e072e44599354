// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import io.viewkeeper.refresher.schedule.ScheduleConfig;
import io.viewkeeper.schema.database.Database;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Above a load of the database that the settings name, views of low priority wait. */
public final class LoadCeiling {
    private static final Logger LOG = Logger.getLogger(LoadCeiling.class);

    // What others execute is told only to members of pg_read_all_stats; without, their state is null.
    private static final String LOAD = """
        /* viewkeeper:load-ceiling */
        select
          (
            select pg_catalog.count(*)
            from pg_catalog.pg_stat_activity a
            where a.backend_type = 'client backend'
              and a.state = 'active'
              and a.application_name not like 'viewkeeper-%'
              and a.pid <> pg_catalog.pg_backend_pid()
          ) as active,
          (
            select coalesce(pg_catalog.max(pg_catalog.date_part('epoch', r.replay_lag)), 0)
            from pg_catalog.pg_stat_replication r
          ) as lag_seconds,
          exists (
            select from pg_catalog.pg_stat_activity a where a.backend_type is null
          ) as hidden
        """;

    private enum Level {
        NORMAL,
        HIGH,
        /** What other sessions do is hidden from us. */
        UNSEEN
    }

    private record Load(long active, Duration lag, boolean hidden) {}

    private final Database database;
    private final ScheduleConfig.Load limits;
    private Level said = Level.NORMAL;

    public LoadCeiling(Database database, ScheduleConfig.Load limits) {
        this.database = database;
        this.limits = limits;
    }

    /**
     * Who waits.
     *
     * @param lowestPriority views of a lower one
     * @param reason why; empty where nobody does
     */
    public record Ceiling(int lowestPriority, String reason) {
        public static final Ceiling NONE = new Ceiling(Integer.MIN_VALUE, "");
    }

    /** Asks the database only where a ceiling is set. */
    public Ceiling look() {
        if (limits.maxActiveBackends().isEmpty() && limits.maxReplicationLag().isEmpty()) {
            return Ceiling.NONE;
        }
        Load load = database.queryOne(
                LOAD,
                row -> new Load(
                        row.getLong("active"),
                        Duration.ofMillis((long) (row.getDouble("lag_seconds") * 1000)),
                        row.getBoolean("hidden")));
        Optional<String> excess = excess(load);
        if (excess.isPresent()) {
            say(Level.HIGH, excess.get());
            return new Ceiling(limits.exemptPriority(), excess.get());
        }
        say(load.hidden() ? Level.UNSEEN : Level.NORMAL, "");
        return Ceiling.NONE;
    }

    /** Without what was measured, which is another figure at each look. */
    private Optional<String> excess(Load load) {
        int mostActive = limits.maxActiveBackends().orElse(Integer.MAX_VALUE);
        if (load.active() > mostActive) {
            return Optional.of("more than " + mostActive + " sessions are active");
        }
        return limits.maxReplicationLag()
                .filter(most -> load.lag().compareTo(most) > 0)
                .map(most -> "a standby is more than " + most.toMillis() + " ms behind");
    }

    /** Numbers change with each look; what matters is whether views wait, and why they do not. */
    private void say(Level level, String excess) {
        if (level == said) {
            return;
        }
        said = level;
        switch (level) {
            case HIGH ->
                LOG.warnf(
                        "load=high reason=\"%s; views of a priority below %d wait\"", excess, limits.exemptPriority());
            case UNSEEN ->
                LOG.warn("load=unseen reason=\"viewkeeper_refresher is no member of pg_read_all_stats\" no view waits");
            case NORMAL -> LOG.info("load=normal every view is refreshed when it is due");
        }
    }
}
