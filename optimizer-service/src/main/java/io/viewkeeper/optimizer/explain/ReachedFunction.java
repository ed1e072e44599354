package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.FunctionNames.Named;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A function that a statement reaches by what it names, or by the views, policies, indexes, statistics, types and operators
 * that it uses. Types are followed into what they consist of, and tables into what inherits from them.
 *
 * @param executed by the statement, not only by what surrounds it
 * @param asked for estimates, whatever its mark, since it belongs to an operator
 * @param body where we can read it
 */
record ReachedFunction(
        String name,
        String bareName,
        String volatility,
        boolean definer,
        String language,
        boolean trusted,
        boolean executed,
        boolean asked,
        @Nullable String body) {

    private static final String REACHED = """
            /* viewkeeper:explain */
            with recursive relation (oid) as (
              select l.relation
              from pg_catalog.pg_locks l
              where l.locktype = 'relation'
                and l.pid = pg_catalog.pg_backend_pid()
                and l.relation >= 16384
                and $4
              union
              select i.inhrelid
              from relation r
              join pg_catalog.pg_inherits i on i.inhparent = r.oid
            ), named_type (oid) as (
              select a.atttypid
              from relation r
              join pg_catalog.pg_attribute a on a.attrelid = r.oid
              where a.atttypid >= 16384
              union
              select t.oid
              from pg_catalog.pg_type t
              where t.typname = any ($2)
                and t.oid >= 16384
            ), used_type (oid) as (
              select n.oid
              from named_type n
              union
              select part.oid
              from used_type u
              cross join lateral (
                select pg_catalog.unnest(array[t.typbasetype, t.typelem])
                from pg_catalog.pg_type t
                where t.oid = u.oid
                union all
                select a.atttypid
                from pg_catalog.pg_type t
                join pg_catalog.pg_attribute a on a.attrelid = t.typrelid
                where t.oid = u.oid
                  and a.attnum > 0
                union all
                select pg_catalog.unnest(array[g.rngtypid, g.rngsubtype])
                from pg_catalog.pg_range g
                where u.oid in (g.rngtypid, g.rngmultitypid)
              ) as part (oid)
              where part.oid >= 16384
            ), object (classid, objid, executed) as (
              select 'pg_catalog.pg_class'::regclass::oid, r.oid, false
              from relation r
              union
              select 'pg_catalog.pg_class'::regclass, i.indexrelid, false
              from relation r
              join pg_catalog.pg_index i on i.indrelid = r.oid
              union
              select 'pg_catalog.pg_rewrite'::regclass, w.oid, true
              from relation r
              join pg_catalog.pg_rewrite w on w.ev_class = r.oid
              union
              select 'pg_catalog.pg_policy'::regclass, p.oid, true
              from relation r
              join pg_catalog.pg_policy p on p.polrelid = r.oid
              union
              select 'pg_catalog.pg_constraint'::regclass, c.oid, false
              from relation r
              join pg_catalog.pg_constraint c on c.conrelid = r.oid
              union
              select 'pg_catalog.pg_constraint'::regclass, c.oid, true
              from used_type t
              join pg_catalog.pg_constraint c on c.contypid = t.oid
              union
              select 'pg_catalog.pg_type'::regclass, t.oid, true
              from used_type t
              union
              select 'pg_catalog.pg_statistic_ext'::regclass, s.oid, false
              from relation r
              join pg_catalog.pg_statistic_ext s on s.stxrelid = r.oid
              union
              select 'pg_catalog.pg_attrdef'::regclass, d.oid, true
              from relation r
              join pg_catalog.pg_attrdef d on d.adrelid = r.oid
              join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
              where a.attgenerated <> ''
            ), root (oid, executed, asked) as (
              select p.oid, true, false
              from pg_catalog.pg_proc p
              where p.proname = any ($1)
              union
              select p.oid, true, false
              from pg_catalog.pg_proc p
              join pg_catalog.pg_type t on t.oid = p.proargtypes[0]
              where p.proname = any ($2)
                and p.oid >= 16384
                and p.pronargs = 1
                and t.typtype = 'c'
              union
              select d.refobjid, o.executed, false
              from object o
              join pg_catalog.pg_depend d on d.classid = o.classid and d.objid = o.objid
              where d.refclassid = 'pg_catalog.pg_proc'::regclass
              union
              select p.oprcode::oid, true, true
              from object o
              join pg_catalog.pg_depend d on d.classid = o.classid and d.objid = o.objid
              join pg_catalog.pg_operator p on p.oid = d.refobjid
              where d.refclassid = 'pg_catalog.pg_operator'::regclass
              union
              select p.oprcode::oid, true, true
              from pg_catalog.pg_operator o
              join pg_catalog.pg_operator p on p.oid in (o.oid, o.oprcom, o.oprnegate)
              where o.oprname = any ($3)
                and o.oid >= 16384
              union
              select c.castfunc, true, false
              from pg_catalog.pg_cast c
              join used_type t on t.oid in (c.castsource, c.casttarget)
              where c.castfunc <> 0
                and (c.castcontext <> 'e' or $5)
            ), reached (oid, executed, asked) as (
              select r.oid, r.executed, r.asked
              from root r
              union
              select d.refobjid, r.executed, r.asked
              from reached r
              join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = r.oid
              where d.refclassid = 'pg_catalog.pg_proc'::regclass
            )
            select n.nspname, p.proname, p.provolatile::text, p.prosecdef,
              case
                when exists (
                  select 1
                  from pg_catalog.unnest(p.proconfig) as s (setting)
                  where s.setting like 'standard\\_conforming\\_strings=%'
                )
                then 'a dialect of its own'
                else l.lanname
              end,
              l.lanpltrusted,
              pg_catalog.bool_or(r.executed), pg_catalog.bool_or(r.asked),
              case
                when p.oid >= 16384 and l.lanname in ('sql', 'plpgsql')
                then coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc)
              end
            from reached r
            join pg_catalog.pg_proc p on p.oid = r.oid
            join pg_catalog.pg_namespace n on n.oid = p.pronamespace
            join pg_catalog.pg_language l on l.oid = p.prolang
            where p.oid >= 16384
              or p.provolatile = 'v'
              or p.proname ~ '_to_xml'
            group by p.oid, n.nspname, p.proname, p.provolatile, p.prosecdef, p.proconfig, l.lanname, l.lanpltrusted, p.prosrc
            order by n.nspname, p.proname
            limit 1000""";

    /** Files, other servers, large objects, programs: nobody's slow query, and an intruder's first. */
    private static final Pattern OUTSIDE = Pattern.compile(
            "dblink.*|lo_.*|loread|lowrite|pg_read_.*|pg_ls_.*|pg_stat_file|pg_file_.*|pg_logdir_.*|copy_.*|http_.*");

    /** Marked stable, and execute whatever the views do that they are pointed to. */
    private static final Pattern EXPORT = Pattern.compile("(table|schema|database)_to_xml.*");

    private static final Set<String> READABLE = Set.of("sql", "plpgsql");
    private static final Set<String> COMPILED = Set.of("internal", "c");

    /**
     * @param names in a text, or in a plan
     * @param prepared whether the statement is prepared in this transaction, so that its relations are locked
     */
    static List<ReachedFunction> by(MeteredSession session, Named names, boolean prepared) {
        return session.query(
                REACHED,
                row -> new ReachedFunction(
                        row.getString(0) + "." + row.getString(1),
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getString(4),
                        row.getBoolean(5),
                        row.getBoolean(6),
                        row.getBoolean(7),
                        row.getString(8)),
                names.called().toArray(String[]::new),
                names.all().toArray(String[]::new),
                names.operators().toArray(String[]::new),
                prepared,
                names.casts());
    }

    boolean isVolatile() {
        return volatility.equals("v");
    }

    private boolean executedByPlanning() {
        return asked || !isVolatile();
    }

    @Nullable
    String refusal() {
        if (OUTSIDE.matcher(bareName.toLowerCase(Locale.ROOT)).matches() && executed) {
            return "The function %s reaches files, large objects or other servers.".formatted(name);
        }
        if (EXPORT.matcher(bareName).matches()) {
            return "The function %s executes queries that are not in the statement.".formatted(name);
        }
        if (!executedByPlanning() || (COMPILED.contains(language) && !definer)) {
            return null;
        }
        if (definer) {
            return "The function %s runs with its owner's rights, and planning would execute it: it is marked stable or immutable, or belongs to an operator."
                    .formatted(name);
        }
        if (!trusted || !READABLE.contains(language)) {
            return "The function %s is written in %s, and planning would execute it unread.".formatted(name, language);
        }
        return asked && isVolatile()
                ? "The function %s of an operator is volatile, and planning would execute it.".formatted(name)
                : null;
    }

    @Nullable
    String noExecution() {
        return executed && isVolatile() ? "the function %s is volatile".formatted(name) : null;
    }
}
