package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.database.DatabaseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Applications set a search_path of their own, and their statements name relations without schemas. Where exactly one schema
 * has a relation of a name, that is the one.
 */
final class SearchPath {
    private static final Set<String> MISSING = Set.of("42P01", "42883", "42704");

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
            order by n.nspname
            limit 10""";

    private static final String EXTEND = """
            /* viewkeeper:explain */
            select pg_catalog.set_config(
              'search_path',
              pg_catalog.concat_ws(
                ', ',
                nullif(pg_catalog.current_setting('search_path'), ''),
                (select pg_catalog.string_agg(pg_catalog.quote_ident(s.name), ', ') from pg_catalog.unnest($1::text[]) as s (name))),
              true)""";

    private final MeteredSession session;
    private boolean extended;

    SearchPath(MeteredSession session) {
        this.session = session;
    }

    Optional<StatementDraft> extended(DatabaseException failure, StatementDraft draft) {
        if (extended || !MISSING.contains(failure.sqlState().code())) {
            return Optional.empty();
        }
        extended = true;
        var names = FunctionNames.in(draft.text()).all().toArray(String[]::new);
        List<String> schemas = session.query(SCHEMAS, row -> row.getString(0), (Object) names);
        if (schemas.isEmpty()) {
            return Optional.empty();
        }
        var _ = session.query(EXTEND, row -> row, (Object) schemas.toArray(String[]::new));
        return Optional.of(
                draft.withText(draft.text(), "repaired: search_path extended by " + String.join(", ", schemas)));
    }
}
