package io.viewkeeper.refresher.schedule;

import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.refresher.view.ViewCatalog;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code viewkeeper.view_state} in step with the catalog and the settings: new views become due at once, dropped
 * ones are marked, what cannot be refreshed carries its reason. Several replicas may do it at the same time.
 */
public final class ViewRegister {
    private static final Logger LOG = Logger.getLogger(ViewRegister.class);

    // A view that is new, back, re-created or newly wanted is due at once; a shorter interval than before takes effect
    // at once. Rows that would not change are not written, so that an idle round costs no WAL.
    private static final String REGISTER = """
        /* viewkeeper:view-register */
        insert into viewkeeper.view_state as s (
          view_schema, view_name, view_oid, view_group, refusal, interval_ms, freshness_target_ms, next_due_at)
        select
          v.view_schema, v.view_name, v.view_oid::oid, v.view_group, v.refusal, v.interval_ms, v.freshness_target_ms,
          case when v.view_group is not null and v.refusal is null then $8::timestamptz end
        from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[])
          as v (view_schema, view_name, view_oid, view_group, refusal, interval_ms, freshness_target_ms)
        on conflict (view_schema, view_name) do update set
          view_oid = excluded.view_oid,
          view_group = excluded.view_group,
          refusal = excluded.refusal,
          interval_ms = excluded.interval_ms,
          freshness_target_ms = excluded.freshness_target_ms,
          next_due_at = case
            when excluded.next_due_at is null then null
            when s.next_due_at is null or s.view_oid <> excluded.view_oid then excluded.next_due_at
            else least(s.next_due_at, excluded.next_due_at + excluded.interval_ms * interval '1 millisecond')
          end,
          data_as_of = case when s.view_oid = excluded.view_oid then s.data_as_of end,
          consecutive_failures = case when s.view_oid = excluded.view_oid then s.consecutive_failures else 0 end,
          dropped_at = null
        where s.dropped_at is not null
          or (s.view_oid, s.view_group, s.refusal, s.interval_ms, s.freshness_target_ms)
            is distinct from
            (excluded.view_oid, excluded.view_group, excluded.refusal, excluded.interval_ms, excluded.freshness_target_ms)
          or (s.next_due_at is null) <> (excluded.next_due_at is null)
        returning view_schema, view_name, view_group, refusal
        """;

    private static final String MARK_DROPPED = """
        /* viewkeeper:view-register */
        update viewkeeper.view_state s
        set dropped_at = $1, next_due_at = null
        where s.dropped_at is null
          and not exists (
            select
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'm'
              and n.nspname = s.view_schema
              and c.relname = s.view_name
          )
        returning view_schema, view_name
        """;

    private record Entry(
            MaterializedView view,
            @Nullable ViewPolicy policy,
            @Nullable String refusal) {}

    private final Database database;
    private final ViewCatalog catalog;
    private final Policies policies;

    public ViewRegister(Database database, ViewCatalog catalog, Policies policies) {
        this.database = database;
        this.catalog = catalog;
        this.policies = policies;
    }

    /** One round. What changed is logged, once. */
    public void synchronise(Instant now) {
        List<Entry> entries = catalog.all().stream().map(this::entry).toList();
        register(entries, now);
        database.query(
                        MARK_DROPPED,
                        row -> new ViewName(row.getString("view_schema"), row.getString("view_name")),
                        Instants.parameter(now))
                .forEach(view -> LOG.infof("view=%s state=dropped", view));
    }

    private Entry entry(MaterializedView view) {
        ViewPolicy policy = policies.of(view.name()).orElse(null);
        if (policy == null) {
            return new Entry(view, null, null);
        }
        return switch (Method.of(view, policy.plainRefresh())) {
            case Method.Use use -> new Entry(view, policy, null);
            case Method.Refuse(var category, var reason) ->
                new Entry(view, policy, category.wireName() + ": " + reason);
        };
    }

    private void register(List<Entry> entries, Instant now) {
        var columns = new Columns();
        entries.forEach(columns::add);
        database.query(
                        REGISTER,
                        row -> new String[] {
                            row.getString("view_schema") + "." + row.getString("view_name"),
                            row.getString("view_group"),
                            row.getString("refusal")
                        },
                        columns.schemas.toArray(String[]::new),
                        columns.names.toArray(String[]::new),
                        columns.oids.toArray(Long[]::new),
                        columns.groups.toArray(String[]::new),
                        columns.refusals.toArray(String[]::new),
                        columns.intervals.toArray(Long[]::new),
                        columns.targets.toArray(Long[]::new),
                        Instants.parameter(now))
                .forEach(changed -> log(changed[0], changed[1], changed[2]));
    }

    private static void log(String view, @Nullable String group, @Nullable String refusal) {
        if (group == null) {
            LOG.infof("view=%s state=unscheduled reason=no group's pattern matches it", view);
        } else if (refusal != null) {
            LOG.warnf("view=%s group=%s state=refused reason=%s", view, group, refusal);
        } else {
            LOG.infof("view=%s group=%s state=scheduled", view, group);
        }
    }

    /** The entries turned by a quarter, as unnest takes them. */
    private static final class Columns {
        final List<String> schemas = new ArrayList<>();
        final List<String> names = new ArrayList<>();
        final List<Long> oids = new ArrayList<>();
        final List<@Nullable String> groups = new ArrayList<>();
        final List<@Nullable String> refusals = new ArrayList<>();
        final List<@Nullable Long> intervals = new ArrayList<>();
        final List<@Nullable Long> targets = new ArrayList<>();

        void add(Entry entry) {
            schemas.add(entry.view().name().schema());
            names.add(entry.view().name().name());
            oids.add(entry.view().oid());
            ViewPolicy policy = entry.policy();
            groups.add(policy == null ? null : policy.group());
            refusals.add(entry.refusal());
            intervals.add(policy == null ? null : policy.interval().toMillis());
            targets.add(policy == null ? null : policy.freshnessTarget().toMillis());
        }
    }
}
