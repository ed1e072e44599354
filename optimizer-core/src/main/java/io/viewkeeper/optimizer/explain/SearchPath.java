// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.database.DatabaseException;
import io.viewkeeper.schema.sql.RelationReference;
import io.viewkeeper.schema.sql.StatementRelations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What names without schemas mean. They are understood by the path that the role's sessions begin with, where it is known. Where
 * that has no relation of a name, and exactly one schema has, that is the one. The server passes over schemas that we may not use,
 * in silence, so that a name may mean something else to us than to the application: then there is no plan.
 */
final class SearchPath {
    private static final Set<String> MISSING = Set.of("42883", "42704");
    private static final String MISSING_RELATION = "42P01";

    private static final String SCHEMAS = """
            /* viewkeeper:explain */
            select n.nspname
            from (
              select c.relname, pg_catalog.min(c.relnamespace::bigint) as schema, pg_catalog.bool_or(pg_catalog.pg_table_is_visible(c.oid)) as visible
              from pg_catalog.pg_class c
              where c.relname = any ($1)
                and c.relkind in ('r', 'p', 'v', 'm', 'f')
              group by c.relname
              having pg_catalog.count(*) = 1
            ) as lone
            join pg_catalog.pg_namespace n on n.oid = lone.schema::oid
            where not lone.visible
              and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            group by n.nspname
            order by n.nspname""";

    /**
     * Where relations of this name are; the path's schemas first, in their order. Of each name those in the path, those that the plan
     * has locked, and some more; and how many there are.
     */
    private static final String NAMESAKES = """
            /* viewkeeper:explain */
            select f.relname, f.nspname, f.usable, f.position, f.number
            from (
              select
                c.relname,
                n.nspname,
                pg_catalog.has_schema_privilege(n.oid, 'usage') as usable,
                p.position,
                l.name is not null as locked,
                pg_catalog.count(*) over (partition by c.relname) as number,
                pg_catalog.row_number() over (partition by c.relname order by p.position, n.nspname) as nth
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              cross join lateral (
                select coalesce(pg_catalog.array_position($2::text[], n.nspname::text), 2147483647) as position
              ) as p
              left join unnest($3::text[], $4::text[]) as l (schema, name)
                on l.schema = n.nspname
                and l.name = c.relname
              where c.relname = any ($1)
                and c.relkind in ('r', 'p', 'v', 'm', 'f')
                and n.nspname not in ('pg_catalog', 'information_schema')
                and n.nspname not like 'pg\\_%'
            ) as f
            where f.nth <= 6
              or f.position < 2147483647
              or f.locked
            order by f.position, f.nspname""";

    private static final String PATH = """
            /* viewkeeper:explain */
            select pg_catalog.string_to_array(pg_catalog.replace(pg_catalog.replace(pg_catalog.current_setting('search_path'), '"', ''), ' ', ''), ',')""";

    private static final String SET = """
            /* viewkeeper:explain */
            select pg_catalog.set_config(
              'search_path',
              coalesce(
                (select pg_catalog.string_agg(pg_catalog.quote_ident(s.name), ', ' order by s.nth) from pg_catalog.unnest($1::text[]) with ordinality as s (name, nth)),
                ''),
              true)""";

    private static final String EXTEND = """
            /* viewkeeper:explain */
            select pg_catalog.set_config(
              'search_path',
              pg_catalog.concat_ws(
                ', ',
                nullif(pg_catalog.current_setting('search_path'), ''),
                (select pg_catalog.string_agg(pg_catalog.quote_ident(s.name), ', ') from pg_catalog.unnest($1::text[]) as s (name))),
              true)""";

    private static final int NOT_IN_PATH = Integer.MAX_VALUE;
    private static final int MOST_NAMED = 5;

    /** Where a function or a type may be that is missing: those of relations that the statement names. Of more, it is a guess. */
    private static final int MOST_SCHEMAS = 10;

    private final MeteredSession session;
    private final @Nullable AssumedPath path;
    private boolean extended;
    private @Nullable String hint;

    /** @param path null: the one that our session has */
    SearchPath(MeteredSession session, @Nullable AssumedPath path) {
        this.session = session;
        this.path = path;
    }

    /** @param number of relations with this name */
    private record Namesake(String name, String schema, boolean usable, int position, long number) {
        boolean isAmong(List<RelationName> relations) {
            return relations.contains(new RelationName(schema, name));
        }

        boolean isFound() {
            return usable && position < NOT_IN_PATH;
        }
    }

    void assume() {
        if (path != null) {
            var _ = session.query(SET, row -> row, (Object) path.schemas().toArray(String[]::new));
        }
    }

    /** What would help a name that was not found. */
    Optional<String> hint() {
        return Optional.ofNullable(hint);
    }

    /** @param place of the error in the text; null if unknown */
    Optional<StatementDraft> extended(DatabaseException failure, StatementDraft draft, @Nullable Integer place) {
        String sqlState = failure.sqlState().code();
        if (sqlState.equals(MISSING_RELATION)) {
            return withRelation(draft, place);
        }
        if (extended || !MISSING.contains(sqlState)) {
            return Optional.empty();
        }
        extended = true;
        var names = FunctionNames.in(draft.text()).all().toArray(String[]::new);
        var schemas = session.query(SCHEMAS, row -> row.getString(0), (Object) names);
        if (schemas.size() > MOST_SCHEMAS) {
            hint =
                    "A function or a type is missing, and %d schemas may have it: set the role's search_path: alter role ... set search_path."
                            .formatted(schemas.size());
            return Optional.empty();
        }
        return extended(draft, schemas);
    }

    private Optional<StatementDraft> withRelation(StatementDraft draft, @Nullable Integer place) {
        var tokens = Tokens.of(draft.text());
        int at = place == null ? -1 : tokens.indexAt(place);
        if (!tokens.name(at) || tokens.sign(at + 1, ".")) {
            return Optional.empty();
        }
        String name = tokens.at(at).name();
        var namesakes = namesakes(List.of(name), List.of());
        if (namesakes.size() == 1 && namesakes.getFirst().usable()) {
            return extended(draft, List.of(namesakes.getFirst().schema()));
        }
        if (namesakes.size() == 1) {
            hint = grant(namesakes.getFirst().schema());
        } else if (!namesakes.isEmpty()) {
            hint =
                    "%s is in several schemas (%s), and in none that %s has: which one is meant, nobody knows. Set the role's search_path: alter role ... set search_path."
                            .formatted(
                                    name,
                                    schemas(namesakes, namesakes.getFirst().number()),
                                    whose());
        }
        return Optional.empty();
    }

    private Optional<StatementDraft> extended(StatementDraft draft, List<String> schemas) {
        if (schemas.isEmpty()) {
            return Optional.empty();
        }
        var _ = session.query(EXTEND, row -> row, (Object) schemas.toArray(String[]::new));
        return Optional.of(draft.withText(
                draft.text(), Repair.SEARCH_PATH, "repaired: search_path extended by " + String.join(", ", schemas)));
    }

    /**
     * What a reader must know of names that mean something in several schemas.
     *
     * @param queryId of the application's statement: it has relations in it, so that the same one is proof
     * @throws UnreadableNameException where the application reads another relation than we
     */
    List<String> remarks(Explained plan, List<RelationName> locked, @Nullable Long queryId)
            throws UnreadableNameException {
        var names = unqualified(plan.prepared().draft().text());
        if (names.isEmpty()
                || (queryId != null && queryId.equals(plan.plan().plan().queryId()))) {
            return List.of();
        }
        var all = namesakes(List.copyOf(names), locked);
        var remarks = new ArrayList<String>();
        for (String name : names) {
            var namesakes = all.stream().filter(one -> one.name().equals(name)).toList();
            var meant = namesakes.stream()
                    .filter(one -> one.isAmong(locked))
                    .findFirst()
                    .or(() -> namesakes.stream().filter(Namesake::isFound).findFirst());
            if (meant.isPresent()) {
                remark(meant.get(), namesakes).ifPresent(remarks::add);
            }
        }
        return remarks;
    }

    private Optional<String> remark(Namesake meant, List<Namesake> namesakes) throws UnreadableNameException {
        for (Namesake other : namesakes) {
            if (!other.usable() && other.position() < meant.position()) {
                throw new UnreadableNameException(
                        "By the search_path of %s, %s is that of the schema %s, and we may not look into it."
                                .formatted(whose(), meant.name(), other.schema()),
                        grant(other.schema()));
            }
        }
        var others = namesakes.stream().filter(one -> !one.equals(meant)).toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s is taken for that of the schema %s, by the search_path of %s; a session that sets one of its own may read that of %s"
                                .formatted(meant.name(), meant.schema(), whose(), schemas(others, meant.number() - 1)));
    }

    private List<Namesake> namesakes(List<String> names, List<RelationName> locked) {
        String[] schemas = path == null
                ? session.queryOne(PATH, row -> row.getArrayOfStrings(0))
                : path.schemas().toArray(String[]::new);
        return session.query(
                NAMESAKES,
                row -> new Namesake(
                        row.getString(0), row.getString(1), row.getBoolean(2), row.getInteger(3), row.getLong(4)),
                names.toArray(String[]::new),
                schemas,
                locked.stream().map(RelationName::schema).toArray(String[]::new),
                locked.stream().map(RelationName::name).toArray(String[]::new));
    }

    private String whose() {
        return path == null ? "our own role" : "the role " + path.role();
    }

    private static String grant(String schema) {
        return "Grant it: grant usage on schema %s to viewkeeper_optimizer.".formatted(schema);
    }

    /** @param number of them, of which not all are there */
    private static String schemas(List<Namesake> namesakes, long number) {
        var names = namesakes.stream().map(Namesake::schema).limit(MOST_NAMED).toList();
        long more = number - names.size();
        return String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
    }

    /** Names of relations that stand somewhere without a schema before them. */
    private static Set<String> unqualified(String text) {
        return StatementRelations.of(text).named().stream()
                .filter(relation -> relation.schema() == null)
                .map(RelationReference::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whatever the plan is, it is of another relation. */
    static final class UnreadableNameException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String hint;

        UnreadableNameException(String reason, String hint) {
            super(reason);
            this.hint = hint;
        }

        String reason() {
            return String.valueOf(getMessage());
        }

        String hint() {
            return hint;
        }
    }
}
