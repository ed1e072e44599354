// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.vertx.sqlclient.Row;
import io.viewkeeper.optimizer.explain.FunctionNames.Named;
import io.viewkeeper.optimizer.explain.ReachedFunction.Code;
import java.util.List;
import java.util.Set;

/**
 * Where functions come from: what a text names, and what hangs on that in the catalog: rules of views, policies, indexes,
 * statistics, generated columns, children, servers of foreign tables, types with what they consist of and their checks, casts,
 * operators and their classes, aggregates. A materialized view is read like a table: its query is executed by REFRESH alone. Names stand for all that are called so; an expression that the server keeps tells its
 * functions exactly, the server's own ones too.
 */
enum Reach {
    /** A text that is not prepared yet, or a plan: relations are not looked at. */
    TEXT,
    /** A text that is prepared in this transaction: its relations are locked. */
    PREPARED,
    /** Bodies that planning may put in the place of a call: what it executes of them goes by its mark. */
    INLINED,
    /** Bodies that planning may execute whole. */
    PROMISED;

    /** More are too many to be looked at. */
    static final int MOST = 1_000;

    /** The language of functions that are handlers of foreign tables. */
    static final String FOREIGN = "another server";

    private static final Set<String> WRITING = Set.of("insert", "update", "merge");

    // The numbers of objects from 16384 on are those that initdb has not given.
    private static final String REACHED = """
            /* viewkeeper:explain */
            with recursive root (classid, objid) as (
              select 'pg_catalog.pg_class'::regclass::oid, l.relation
              from pg_catalog.pg_locks l
              where $4
                and l.locktype = 'relation'
                and l.pid = pg_catalog.pg_backend_pid()
              union
              select 'pg_catalog.pg_class'::regclass, c.oid
              from pg_catalog.pg_class c
              where $5
                and c.relname = any ($2)
                and c.relkind in ('r', 'p', 'v', 'm', 'f')
              union
              select 'pg_catalog.pg_type'::regclass, t.oid
              from pg_catalog.pg_type t
              where t.typname = any ($2)
              union
              select 'pg_catalog.pg_proc'::regclass, p.oid
              from pg_catalog.pg_proc p
              join pg_catalog.pg_type t on t.oid = p.proargtypes[0]
              where p.proname = any ($2)
                and p.pronargs = 1
                and t.typtype in ('c', 'p')
              union
              select 'pg_catalog.pg_operator'::regclass, o.oid
              from pg_catalog.pg_operator o
              where o.oprname = any ($3)
                and o.oprleft < 16384
                and o.oprright < 16384
            ), node (classid, objid, executed, asked) as (
              select r.classid, r.objid, true, $6::boolean
              from root r
              where r.objid >= 16384
              union
              select 'pg_catalog.pg_proc'::regclass, p.oid, true, $6::boolean
              from pg_catalog.pg_proc p
              where p.proname = any ($1)
              union
              select e.classid, e.objid, n.executed and e.executed, n.asked or e.asked
              from node n
              cross join lateral (
                select d.refclassid, d.refobjid, true,
                  n.classid = 'pg_catalog.pg_operator'::regclass
                    or n.classid = 'pg_catalog.pg_proc'::regclass
                      and exists (
                        select 1
                        from pg_catalog.pg_proc p
                        where p.oid = n.objid
                          and p.provolatile <> 'v'
                          and p.prokind = 'f'
                      )
                from pg_catalog.pg_depend d
                where d.classid = n.classid
                  and d.objid = n.objid
                  and case d.refclassid
                    when 'pg_catalog.pg_proc'::regclass
                    then n.classid <> 'pg_catalog.pg_type'::regclass
                      or exists (select 1 from pg_catalog.pg_range g where g.rngtypid = n.objid)
                    when 'pg_catalog.pg_class'::regclass
                    then n.classid in ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass, 'pg_catalog.pg_proc'::regclass)
                    else d.refclassid in (
                      'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_operator'::regclass, 'pg_catalog.pg_foreign_server'::regclass,
                      'pg_catalog.pg_foreign_data_wrapper'::regclass)
                  end
                union all
                select 'pg_catalog.pg_proc'::regclass, f.found[1]::oid, true, false
                from (
                  select w.ev_action::text || w.ev_qual::text
                  from pg_catalog.pg_rewrite w
                  where n.classid = 'pg_catalog.pg_rewrite'::regclass
                    and w.oid = n.objid
                  union all
                  select pg_catalog.concat(p.polqual, p.polwithcheck)
                  from pg_catalog.pg_policy p
                  where n.classid = 'pg_catalog.pg_policy'::regclass
                    and p.oid = n.objid
                  union all
                  select c.conbin::text
                  from pg_catalog.pg_constraint c
                  where n.classid = 'pg_catalog.pg_constraint'::regclass
                    and c.oid = n.objid
                ) as t (tree)
                cross join lateral pg_catalog.regexp_matches(t.tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([1-9][0-9]*)', 'g') as f (found)
                union all
                select 'pg_catalog.pg_class'::regclass, i.inhrelid, true, false
                from pg_catalog.pg_inherits i
                where n.classid = 'pg_catalog.pg_class'::regclass
                  and i.inhparent = n.objid
                union all
                select 'pg_catalog.pg_class'::regclass, i.indexrelid, false, false
                from pg_catalog.pg_index i
                where n.classid = 'pg_catalog.pg_class'::regclass
                  and i.indrelid = n.objid
                union all
                select 'pg_catalog.pg_rewrite'::regclass, w.oid, true, false
                from pg_catalog.pg_rewrite w
                join pg_catalog.pg_class v on v.oid = w.ev_class
                where n.classid = 'pg_catalog.pg_class'::regclass
                  and w.ev_class = n.objid
                  and v.relkind <> 'm'
                union all
                select 'pg_catalog.pg_policy'::regclass, p.oid, true, false
                from pg_catalog.pg_policy p
                where n.classid = 'pg_catalog.pg_class'::regclass
                  and p.polrelid = n.objid
                union all
                select 'pg_catalog.pg_constraint'::regclass, c.oid, false, false
                from pg_catalog.pg_constraint c
                where n.classid = 'pg_catalog.pg_class'::regclass
                  and c.conrelid = n.objid
                  and c.contype = 'c'
                union all
                select 'pg_catalog.pg_statistic_ext'::regclass, s.oid, false, false
                from pg_catalog.pg_statistic_ext s
                where n.classid = 'pg_catalog.pg_class'::regclass
                  and s.stxrelid = n.objid
                union all
                select 'pg_catalog.pg_attrdef'::regclass, d.oid, a.attgenerated <> '', false
                from pg_catalog.pg_attrdef d
                join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
                where n.classid = 'pg_catalog.pg_class'::regclass
                  and d.adrelid = n.objid
                  and (a.attgenerated <> '' or $7)
                union all
                select 'pg_catalog.pg_constraint'::regclass, c.oid, true, true
                from pg_catalog.pg_constraint c
                where n.classid = 'pg_catalog.pg_type'::regclass
                  and c.contypid = n.objid
                union all
                select 'pg_catalog.pg_type'::regclass, a.atttypid, true, false
                from pg_catalog.pg_type t
                join pg_catalog.pg_attribute a on a.attrelid = t.typrelid
                where n.classid = 'pg_catalog.pg_type'::regclass
                  and t.oid = n.objid
                  and a.attnum > 0
                  and a.atttypid >= 16384
                union all
                select 'pg_catalog.pg_proc'::regclass, c.castfunc, true, false
                from pg_catalog.pg_cast c
                where n.classid = 'pg_catalog.pg_type'::regclass
                  and n.objid in (c.castsource, c.casttarget)
                  and c.castfunc <> 0
                  and (c.castcontext <> 'e' or $8)
                union all
                select 'pg_catalog.pg_operator'::regclass, o.oid, true, false
                from pg_catalog.pg_operator o
                where n.classid = 'pg_catalog.pg_type'::regclass
                  and n.objid in (o.oprleft, o.oprright)
                  and o.oprname = any ($3)
                union all
                select 'pg_catalog.pg_operator'::regclass, m.amopopr, true, false
                from pg_catalog.pg_opclass c
                join pg_catalog.pg_amop m on m.amopfamily = c.opcfamily
                where n.classid = 'pg_catalog.pg_type'::regclass
                  and c.opcintype = n.objid
                  and m.amopopr >= 16384
                union all
                select 'pg_catalog.pg_proc'::regclass, m.amproc::oid, true, true
                from pg_catalog.pg_opclass c
                join pg_catalog.pg_amproc m on m.amprocfamily = c.opcfamily
                join pg_catalog.pg_proc p on p.oid = m.amproc
                join pg_catalog.pg_language l on l.oid = p.prolang
                where n.classid = 'pg_catalog.pg_type'::regclass
                  and c.opcintype = n.objid
                  and l.lanname not in ('internal', 'c')
                union all
                select 'pg_catalog.pg_operator'::regclass, o.oid, true, false
                from pg_catalog.pg_operator p
                join pg_catalog.pg_operator o on o.oid in (p.oprcom, p.oprnegate)
                where n.classid = 'pg_catalog.pg_operator'::regclass
                  and p.oid = n.objid
                  and o.oid >= 16384
              ) as e (classid, objid, executed, asked)
            ), reached (oid, executed, asked) as (
              select n.objid, pg_catalog.bool_or(n.executed), pg_catalog.bool_or(n.asked)
              from node n
              where n.classid = 'pg_catalog.pg_proc'::regclass
              group by n.objid
            )
            select n.nspname || '.' || p.proname as name, p.provolatile::text as volatility, p.prosecdef as definer, r.executed, r.asked,
              case
                when p.prorettype = 'pg_catalog.fdw_handler'::regtype then 'another server'
                when exists (
                  select 1
                  from pg_catalog.unnest(p.proconfig) as s (setting)
                  where s.setting like 'standard\\_conforming\\_strings=%'
                )
                then 'a dialect of its own'
                else l.lanname::text
              end as language,
              l.lanpltrusted as trusted, p.prokind = 'a' as aggregate, p.oid < 16384 as built_in,
              (
                select e.extname::text
                from pg_catalog.pg_depend d
                join pg_catalog.pg_extension e on e.oid = d.refobjid
                where d.classid = 'pg_catalog.pg_proc'::regclass
                  and d.objid = p.oid
                  and d.refclassid = 'pg_catalog.pg_extension'::regclass
                  and d.deptype = 'e'
              ) as extension,
              exists (
                select 1
                from pg_catalog.unnest(p.proargtypes::oid[]) as a (argument)
                join pg_catalog.pg_type w on w.oid = a.argument
                join pg_catalog.pg_type t on t.oid = case w.typcategory when 'A' then w.typelem else w.oid end
                where not (
                  t.typcategory in ('B', 'D', 'E', 'G', 'I', 'T', 'V')
                  or t.oid in (
                    'int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'float4'::regtype, 'float8'::regtype, 'numeric'::regtype,
                    'money'::regtype, 'bytea'::regtype, 'uuid'::regtype, 'tsvector'::regtype, 'tsquery'::regtype, 'internal'::regtype)
                  or t.typtype = 'b' and t.typcategory <> 'S' and t.oid >= 16384
                )
              ) as pointed,
              case
                when p.oid >= 16384 and l.lanname in ('sql', 'plpgsql')
                then coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)
              end as body
            from reached r
            join pg_catalog.pg_proc p on p.oid = r.oid
            join pg_catalog.pg_namespace n on n.oid = p.pronamespace
            join pg_catalog.pg_language l on l.oid = p.prolang
            where p.oid >= 16384
              or p.provolatile = 'v'
              or p.proname ~ $9
            order by name, p.oid
            limit 1001""";

    /** Functions of the server that have effects by their mark are among them, and those that execute what they are pointed to. */
    List<ReachedFunction> functions(MeteredSession session, Named names) {
        return Uncompiled.in(
                session,
                () -> session.query(
                        REACHED,
                        Reach::function,
                        names.called().toArray(String[]::new),
                        names.all().toArray(String[]::new),
                        names.operators().toArray(String[]::new),
                        this == PREPARED,
                        this == INLINED || this == PROMISED,
                        this == PROMISED,
                        names.all().stream().anyMatch(WRITING::contains),
                        names.casts(),
                        ReachedFunction.POINTED_TO));
    }

    private static ReachedFunction function(Row row) {
        return new ReachedFunction(
                row.getString("name"),
                row.getString("volatility").equals("v"),
                row.getBoolean("definer"),
                row.getBoolean("executed"),
                row.getBoolean("asked"),
                new Code(
                        row.getString("language"),
                        row.getBoolean("trusted"),
                        row.getBoolean("aggregate"),
                        row.getBoolean("built_in"),
                        row.getString("extension"),
                        row.getBoolean("pointed"),
                        row.getString("body")));
    }
}
