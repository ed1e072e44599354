// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.examine;

import io.vertx.sqlclient.Row;
import io.viewkeeper.optimizer.finding.ServerFacts;
import io.viewkeeper.optimizer.finding.TableFacts;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.database.Instants;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What catalog and statistics say around a plan: sizes, when analysed, how much of it all-visible. */
final class Facts {
    // Sizes from relpages: a size function waits behind a plain REFRESH.
    private static final String TABLES = """
        /* viewkeeper:facts */
        select
          n.nspname::text as schema,
          c.relname::text as name,
          c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint as bytes,
          c.reltuples::double precision as rows,
          c.relallvisible::double precision / greatest(c.relpages, 1) as all_visible,
          coalesce(pg_catalog.pg_stat_get_mod_since_analyze(c.oid), 0) as modified,
          greatest(pg_catalog.pg_stat_get_last_analyze_time(c.oid), pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid)) as analyzed_at,
          pg_catalog.clock_timestamp() as now,
          c.relkind = 'm' as materialized,
          coalesce(x.names, '{}') as index_names,
          coalesce(x.columns, '{}') as index_columns
        from unnest($1::text[], $2::text[]) as a (schema, name)
        join pg_catalog.pg_namespace n on n.nspname = a.schema
        join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = a.name
        cross join lateral (
          select
            pg_catalog.array_agg(i.name order by i.name) as names,
            pg_catalog.array_agg(i.columns order by i.name) as columns
          from (
            select
              ic.relname::text as name,
              (
                select pg_catalog.string_agg(
                  '"' || pg_catalog.replace(k.attname, '"', '""') || '"'
                    || case o.option & 3 when 1 then ' desc nulls last' when 2 then ' nulls first' when 3 then ' desc' else '' end,
                  ', ' order by o.position)
                from unnest(i.indkey::int2[], i.indoption::int2[]) with ordinality as o (attnum, option, position)
                join pg_catalog.pg_attribute k on k.attrelid = c.oid and k.attnum = o.attnum
                where o.position <= i.indnkeyatts
              ) as columns
            from pg_catalog.pg_index i
            join pg_catalog.pg_class ic on ic.oid = i.indexrelid
            join pg_catalog.pg_am m on m.oid = ic.relam
            where i.indrelid = c.oid and i.indisvalid and i.indpred is null and i.indexprs is null and m.amname = 'btree'
              and not exists (
                select from pg_catalog.pg_opclass p where p.oid = any (i.indclass::oid[]) and not p.opcdefault)
          ) i
        ) x
        """;

    private static final String SERVER = """
        /* viewkeeper:facts */
        select
          pg_catalog.current_setting('block_size')::integer as block_size,
          pg_catalog.pg_size_bytes(pg_catalog.current_setting('work_mem')) as work_mem,
          pg_catalog.current_setting('hash_mem_multiplier')::double precision as hash_mem_multiplier
        """;

    private final Database database;

    Facts(Database database) {
        this.database = database;
    }

    private record Relation(String schema, String name) {}

    /** Of every relation that the plan scans, by "schema.name" as the plan spells them. */
    Map<String, TableFacts> tables(Plan plan) {
        var relations = new LinkedHashSet<Relation>();
        for (var node : plan.nodes()) {
            String schema = node.target().schema();
            String name = node.target().relation();
            if (schema != null && name != null) {
                relations.add(new Relation(schema, name));
            }
        }
        var facts = new HashMap<String, TableFacts>();
        if (!relations.isEmpty()) {
            database.query(
                            TABLES,
                            row -> Map.entry(row.getString("schema") + "." + row.getString("name"), table(row)),
                            relations.stream().map(Relation::schema).toArray(String[]::new),
                            relations.stream().map(Relation::name).toArray(String[]::new))
                    .forEach(entry -> facts.put(entry.getKey(), entry.getValue()));
        }
        return facts;
    }

    ServerFacts server() {
        return database.queryOne(
                SERVER,
                row -> new ServerFacts(
                        row.getInteger("block_size"), row.getLong("work_mem"), row.getDouble("hash_mem_multiplier")));
    }

    private static TableFacts table(Row row) {
        Instant analyzedAt = Instants.orNull(row, "analyzed_at");
        return new TableFacts(
                row.getLong("bytes"),
                row.getDouble("rows"),
                Math.min(1, row.getDouble("all_visible")),
                row.getLong("modified"),
                analyzedAt,
                analyzedAt == null ? null : Duration.between(analyzedAt, Instants.of(row, "now")),
                row.getBoolean("materialized"),
                indexes(row.getArrayOfStrings("index_names"), row.getArrayOfStrings("index_columns")));
    }

    private static List<TableFacts.Index> indexes(String[] names, String[] columns) {
        return IntStream.range(0, names.length)
                .mapToObj(i -> new TableFacts.Index(names[i], columns[i]))
                .toList();
    }
}
