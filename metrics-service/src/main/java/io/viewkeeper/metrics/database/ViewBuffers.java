// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.sqlclient.Row;
import io.viewkeeper.metrics.collector.Collecting;
import io.viewkeeper.metrics.collector.Statistics;
import io.viewkeeper.metrics.freshness.Freshness;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.event.ViewName;
import io.viewkeeper.schema.statement.Blocks;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The collector {@code view_buffers}: blocks of the views that have series, with their indexes and TOAST. */
@ApplicationScoped
class ViewBuffers {
    // By OID and without a lock: a plain REFRESH that holds its own changes nothing.
    private static final String BLOCKS = """
        /* viewkeeper:statistics */
        select
          %s,
          v.view_schema::text as view_schema,
          v.view_name::text as view_name,
          v.view_oid::bigint as view_oid,
          r.oid::bigint as relation_oid,
          pg_catalog.pg_stat_get_blocks_fetched(r.oid) as fetched,
          pg_catalog.pg_stat_get_blocks_hit(r.oid) as hit
        from unnest($1::text[], $2::text[]) as asked (view_schema, view_name)
        join viewkeeper.view_relation v on v.view_schema = asked.view_schema and v.view_name = asked.view_name
        join pg_catalog.pg_class c on c.oid = v.storage_oid
        cross join lateral (
          select c.oid
          union all
          select c.reltoastrelid where c.reltoastrelid <> 0
          union all
          select i.indexrelid from pg_catalog.pg_index i where i.indrelid in (c.oid, c.reltoastrelid)
        ) as r
        order by v.view_schema, v.view_name, r.oid
        """.formatted(ServerMoment.COLUMNS);

    private final Database database;
    private final Freshness freshness;
    private final Collecting collecting;
    private final Clock clock;
    private final ViewBlocks blocks;

    ViewBuffers(
            @Statistics Database database,
            Freshness freshness,
            Collecting collecting,
            StatisticsSettings settings,
            Clock clock) {
        this.database = database;
        this.freshness = freshness;
        this.collecting = collecting;
        this.clock = clock;
        this.blocks = new ViewBlocks(settings.window());
    }

    private record Counted(ServerMoment moment, ViewName view, long viewOid, long relationOid, Blocks blocks) {}

    @Scheduled(
            every = "${viewkeeper.metrics.statistics.view-buffers-interval}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        collecting.run("view_buffers", this::sample);
    }

    /** Reads these views, after events; false when the collector is at it. */
    boolean read(Collection<ViewName> refreshed) {
        return collecting.run("view_buffers", () -> {
            var shown = new HashSet<>(freshness.viewsWithSeries());
            sample(refreshed.stream().filter(shown::contains).toList());
        });
    }

    /** Never two at a time. */
    void sample() {
        var shown = freshness.viewsWithSeries();
        blocks.retain(shown);
        sample(shown);
    }

    private void sample(List<ViewName> views) {
        // Asked for no view, too: a collector that succeeds without an answer would hide that the database gives none.
        var counted = database.query(
                BLOCKS,
                ViewBuffers::counted,
                views.stream().map(ViewName::schema).toArray(String[]::new),
                views.stream().map(ViewName::name).toArray(String[]::new));
        blocks.take(views, readings(counted), clock.instant());
    }

    private static List<ViewBlocks.Reading> readings(List<Counted> counted) {
        Map<ViewName, ViewBlocks.Reading> readings = new HashMap<>();
        for (var row : counted) {
            readings.computeIfAbsent(
                            row.view(),
                            view -> new ViewBlocks.Reading(view, row.viewOid(), row.moment(), new HashMap<>()))
                    .byRelation()
                    .put(row.relationOid(), row.blocks());
        }
        return List.copyOf(readings.values());
    }

    private static Counted counted(Row row) {
        return new Counted(
                ServerMoment.of(row),
                new ViewName(row.getString("view_schema"), row.getString("view_name")),
                row.getLong("view_oid"),
                row.getLong("relation_oid"),
                Blocks.ofFetched(row.getLong("fetched"), row.getLong("hit")));
    }

    /** Of the window, 0 to 1; empty when no block of the view was asked for. */
    OptionalDouble hitRatio(ViewName view) {
        return blocks.hitRatio(view, clock.instant());
    }
}
