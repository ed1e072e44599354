package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.FunctionNames.Named;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@link Layer#FUNCTIONS}: which functions a statement reaches, by what it names, by the views, policies, indexes, types
 * and operators that it uses, and by the bodies of functions.
 *
 * <p>Volatile functions are never executed while planning, so a statement with one is planned. Those marked stable or
 * immutable are: the server folds them and asks them for its estimates, and a mark is only a promise. So nothing is
 * planned that reaches one which runs with its owner's rights, cannot be read, or does in its body what no immutable
 * function does. Operators' functions are asked for estimates whatever their mark. Types are followed into what they consist
 * of, and tables into what inherits from them.
 */
final class FunctionCheck {
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

    private static final String VIEWS = """
            /* viewkeeper:explain */
            select pg_catalog.pg_get_viewdef(c.oid)
            from pg_catalog.pg_class c
            where c.relkind = 'v'
              and c.oid >= 16384
              and c.relname = any ($1)
            order by c.oid
            limit 100""";

    private static final String LOOK = "/* viewkeeper:explain */ savepoint viewkeeper_look";
    private static final String UNLOOK = "/* viewkeeper:explain */ rollback to savepoint viewkeeper_look";

    /** Files, other servers, large objects, programs: nobody's slow query, and an intruder's first. */
    private static final Pattern OUTSIDE = Pattern.compile(
            "dblink.*|lo_.*|loread|lowrite|pg_read_.*|pg_ls_.*|pg_stat_file|pg_file_.*|pg_logdir_.*|copy_.*|http_.*");

    /** Marked stable, and execute whatever the views do that they are pointed to. */
    private static final Pattern EXPORT = Pattern.compile("(table|schema|database)_to_xml.*");

    private static final Set<String> READABLE = Set.of("sql", "plpgsql");
    private static final Set<String> COMPILED = Set.of("internal", "c");
    private static final int ROUNDS = 6;
    private static final String TOO_DEEP = "Functions call each other too deeply to be sure that none has effects.";

    private final MeteredSession session;
    private final Set<String> scanned = new HashSet<>();

    FunctionCheck(MeteredSession session) {
        this.session = session;
    }

    /**
     * @param names in the statement's text, or in its plan
     * @param prepared whether the statement is prepared in this transaction, so that its relations are locked
     */
    Verdict of(Named names, boolean prepared) {
        String refusal = null;
        String noExecution = null;
        Named bodies = Named.none();
        var found = reached(names, prepared);
        for (int round = 0; round < ROUNDS && !found.isEmpty(); round++) {
            Named inlined = Named.none();
            for (Reached function : found) {
                refusal = first(refusal, function.refusal());
                noExecution = first(noExecution, function.noExecution());
                bodies = bodies.and(bodyOf(function));
                inlined = inlined.and(inlinedOf(function));
            }
            found = inlined.isEmpty() ? List.of() : reached(inlined, false);
        }
        if (refusal == null && !found.isEmpty()) {
            refusal = TOO_DEEP;
        }
        return new Verdict(refusal == null ? brokenPromise(bodies) : refusal, noExecution);
    }

    /** What functions do that promised to do nothing, or call. */
    private @Nullable String brokenPromise(Named first) {
        Named names = first;
        for (int round = 0; round < ROUNDS && !names.isEmpty(); round++) {
            if (names.changes()) {
                return "A function that is marked stable or immutable executes statements that change something, or that it"
                        + " makes up. Planning would execute it.";
            }
            Named next = Named.none();
            for (Reached function : reached(names, false)) {
                if (function.isVolatile() || function.refusal() != null) {
                    return "A function that is marked stable or immutable calls %s, which is not. Planning would execute it."
                            .formatted(function.name());
                }
                next = next.and(bodyOf(function));
            }
            names = next.and(viewsIn(names));
        }
        return names.isEmpty() ? null : TOO_DEEP;
    }

    private List<Reached> reached(Named names, boolean prepared) {
        return session.query(
                REACHED,
                row -> new Reached(
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

    private Named bodyOf(Reached function) {
        String body = function.body();
        return body == null || (function.isVolatile() && !function.asked()) || !scanned.add(body)
                ? Named.none()
                : FunctionNames.inBody(body);
    }

    /** A volatile function in SQL promises nothing, but planning puts its body in its place, and folds what that calls. */
    private Named inlinedOf(Reached function) {
        String body = function.body();
        return body == null || !function.isVolatile() || !function.language().equals("sql") || !scanned.add(body)
                ? Named.none()
                : FunctionNames.inBody(body);
    }

    /** To spell a view out, the server locks what it reads: these locks are not the statement's. */
    private Named viewsIn(Named names) {
        session.command(LOOK);
        Named found = Named.none();
        for (String definition : session.query(
                VIEWS, row -> row.getString(0), (Object) names.all().toArray(String[]::new))) {
            if (scanned.add(definition)) {
                found = found.and(FunctionNames.inBody(definition));
            }
        }
        session.command(UNLOOK);
        return found;
    }

    private static @Nullable String first(@Nullable String known, @Nullable String other) {
        return known == null ? other : known;
    }

    /** @param refusal why it is not even planned
     * @param noExecution why it is not executed */
    record Verdict(@Nullable String refusal, @Nullable String noExecution) {}

    /** @param asked for estimates, since it belongs to an operator */
    private record Reached(
            String name,
            String bareName,
            String volatility,
            boolean definer,
            String language,
            boolean trusted,
            boolean executed,
            boolean asked,
            @Nullable String body) {
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
                return "The function %s is written in %s, and planning would execute it unread."
                        .formatted(name, language);
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
}
