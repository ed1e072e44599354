// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.catalog;

import io.viewkeeper.schema.database.Database;
import io.viewkeeper.schema.sql.QuotedName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The search_paths of roles in this database, as {@code alter role}, {@code alter role in database}, {@code alter database} and the
 * server set them.
 *
 * @param byRole by the role's oid
 * @param usual schemas, in their order, of roles without settings of their own
 */
public record SearchPaths(Map<Long, RolePath> byRole, List<String> usual) {
    /** What is set for a role in this database comes before what is set for it alone, and that before the database's. */
    private static final String SETTINGS = """
        /* viewkeeper:catalog */
        select
          r.oid::bigint as userid,
          r.rolname::text as role,
          (
            select pg_catalog.substr(c.setting, 13)
            from pg_catalog.pg_db_role_setting d
            cross join unnest(d.setconfig) as c (setting)
            where d.setrole in (0, r.oid)
              and d.setdatabase in (0, here.oid)
              and c.setting like 'search\\_path=%'
            order by d.setrole <> 0 desc, d.setdatabase <> 0 desc
            limit 1
          ) as path
        from pg_catalog.pg_roles r
        cross join (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database()) as here
        where $1::bigint[] is null
          or r.oid = any ($1::bigint[]::oid[])
        """;

    /** What is set for our own role hides the server's. */
    private static final String USUAL = """
        /* viewkeeper:catalog */
        select coalesce(
          (
            select pg_catalog.substr(c.setting, 13)
            from pg_catalog.pg_db_role_setting d
            cross join unnest(d.setconfig) as c (setting)
            where d.setrole = 0
              and d.setdatabase in (0, (select h.oid from pg_catalog.pg_database h where h.datname = pg_catalog.current_database()))
              and c.setting like 'search\\_path=%'
            order by d.setdatabase <> 0 desc
            limit 1
          ),
          case when s.source in ('user', 'database user', 'client') then s.boot_val else s.reset_val end) as path
        from pg_catalog.pg_settings s
        where s.name = 'search_path'
        """;

    private static final String EXISTING = """
        /* viewkeeper:catalog */
        select n.nspname::text as name
        from pg_catalog.pg_namespace n
        where n.nspname = any ($1)
        """;

    public SearchPaths {
        byRole = Map.copyOf(byRole);
        usual = List.copyOf(usual);
    }

    private record Setting(
            long userId, String role, @Nullable String path) {}

    public static SearchPaths ofAll(Database database) {
        return of(database, (Long @Nullable []) null);
    }

    /** A role that is gone is missing. */
    public static SearchPaths of(Database database, Collection<Long> roles) {
        return of(database, roles.stream().distinct().toArray(Long[]::new));
    }

    private static SearchPaths of(Database database, Long @Nullable [] roles) {
        String usual = database.queryOne(USUAL, row -> row.getString("path"));
        var settings = database.query(
                SETTINGS,
                row -> new Setting(row.getLong("userid"), row.getString("role"), row.getString("path")),
                (Object) roles);
        var named = new HashSet<>(schemas(usual, null));
        settings.forEach(setting -> named.addAll(schemas(or(setting.path(), usual), setting.role())));
        var existing = Set.copyOf(
                database.query(EXISTING, row -> row.getString("name"), (Object) named.toArray(String[]::new)));
        var usualSchemas = kept(schemas(usual, null), existing);
        var paths = new HashMap<Long, RolePath>();
        for (Setting setting : settings) {
            var schemas = kept(schemas(or(setting.path(), usual), setting.role()), existing);
            paths.put(setting.userId(), new RolePath(setting.role(), schemas, schemas.equals(usualSchemas)));
        }
        return new SearchPaths(paths, usualSchemas);
    }

    /** Of a role that has come since, the usual ones. */
    public List<String> schemas(long role) {
        var path = byRole.get(role);
        return path == null ? usual : path.schemas();
    }

    private static String or(@Nullable String path, String usual) {
        return path == null ? usual : path;
    }

    private static List<String> kept(List<String> schemas, Set<String> existing) {
        return schemas.stream().filter(existing::contains).toList();
    }

    /** As the server splits the setting: names in double quotes as they are, others in lower case. */
    static List<String> schemas(String setting, @Nullable String role) {
        var schemas = new ArrayList<String>();
        var name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= setting.length(); i++) {
            if (i < setting.length() && (quoted || setting.charAt(i) != ',')) {
                quoted ^= setting.charAt(i) == '"';
                name.append(setting.charAt(i));
                continue;
            }
            String spelled = name.toString().strip();
            name.setLength(0);
            String schema = spelled.startsWith("\"") ? QuotedName.unquoted(spelled) : spelled.toLowerCase(Locale.ROOT);
            if (schema.equals("$user") && role != null) {
                schemas.add(role);
            } else if (!schema.isEmpty()) {
                schemas.add(schema);
            }
        }
        return schemas.stream().distinct().toList();
    }
}
