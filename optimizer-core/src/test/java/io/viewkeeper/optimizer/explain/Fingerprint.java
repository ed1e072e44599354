// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Everything that a statement could have changed, as a superuser sees it, and as the pooled sessions do. */
final class Fingerprint {
    private static final String TABLES = """
            select n.nspname || '.' || c.relname,
              pg_catalog.format(
                case c.relkind
                  when 'S' then 'select last_value || '' '' || is_called from %I.%I'
                  else 'select count(*) || '':'' || coalesce(sum(hashtext(t::text)), 0) from %I.%I t'
                end, n.nspname, c.relname)
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'S') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_t%'
            order by 1
            """;

    private static final Map<String, String> SERVER = Map.ofEntries(
            Map.entry("configuration loaded", "select pg_conf_load_time()::text"),
            Map.entry(
                    "advisory locks",
                    "select count(*)::text from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"),
            Map.entry(
                    "locks of ours",
                    "select count(*)::text from pg_locks l join pg_stat_activity a on a.pid = l.pid where a.application_name = 'viewkeeper-explain-test'"),
            Map.entry(
                    "open transactions of ours",
                    "select count(*)::text from pg_stat_activity where application_name = 'viewkeeper-explain-test' and state <> 'idle'"),
            Map.entry("prepared transactions", "select count(*)::text from pg_prepared_xacts"),
            Map.entry(
                    "objects",
                    "select md5(string_agg(relname::text || relkind::text, ',' order by oid)) from pg_class where relpersistence <> 't'"),
            Map.entry("temporary tables", "select count(*)::text from pg_class where relpersistence = 't'"),
            Map.entry(
                    "functions",
                    "select md5(string_agg(proname::text || provolatile::text, ',' order by oid)) from pg_proc"),
            Map.entry("roles", "select md5(string_agg(r::text, ',' order by r.oid)) from pg_roles r"),
            Map.entry(
                    "role settings",
                    "select coalesce(md5(string_agg(s::text, ',' order by s::text)), '') from pg_db_role_setting s"),
            Map.entry(
                    "server settings",
                    "select md5(string_agg(name || setting, ',' order by name)) from pg_settings where context in ('sighup', 'postmaster')"),
            Map.entry("large objects", "select count(*)::text from pg_largeobject_metadata"),
            Map.entry(
                    "files",
                    "select md5(string_agg(f, ',' order by f)) from pg_ls_dir('.') f where f not like 'postmaster%'"),
            Map.entry("temporary files", "select count(*)::text from pg_ls_tmpdir()"),
            Map.entry("replication slots", "select count(*)::text from pg_replication_slots"),
            Map.entry(
                    "bystanders",
                    "select count(*)::text from pg_stat_activity where application_name = 'viewkeeper-sandbox' and usename = 'viewkeeper_optimizer'"));

    // Settings of PL/pgSQL appear in a session when its library is loaded: that is no change of ours.
    private static final String SESSION = """
            select (select count(*)::text from pg_prepared_statements where name like 'viewkeeper%') || ' '
              || (select md5(string_agg(name || coalesce(setting, ''), ',' order by name)) from pg_settings where name not in ('transaction_isolation', 'in_hot_standby') and name not like 'plpgsql.%')
              || ' ' || (select count(*) from pg_cursors where name <> '') || ' ' || coalesce(current_setting('viewkeeper.v1', true), '')
            """;

    private Fingerprint() {}

    static Map<String, String> of(SandboxDatabase where, Connection superuser, Database pool) throws SQLException {
        var found = new LinkedHashMap<String, String>();
        try (var statement = superuser.createStatement()) {
            var tables = new LinkedHashMap<String, String>();
            try (var rows = statement.executeQuery(TABLES)) {
                while (rows.next()) {
                    tables.put(rows.getString(1), rows.getString(2));
                }
            }
            tables.putAll(SERVER);
            // One round trip for all of them.
            try (var rows = statement.executeQuery(tables.entrySet().stream()
                    .map(question -> "select $q$%s$q$, (%s)".formatted(question.getKey(), question.getValue()))
                    .collect(Collectors.joining(" union all ")))) {
                while (rows.next()) {
                    found.put(rows.getString(1), String.valueOf(rows.getString(2)));
                }
            }
        }
        // Both of its sessions at once: not the same one twice.
        String sessions = pool.inSession(first -> first.queryOne(SESSION, row -> row.getString(0))
                + pool.inSession(second -> second.queryOne(SESSION, row -> row.getString(0))));
        found.put("sessions of the pool of " + where.name(), sessions);
        return found;
    }

    static Connection bystander(SandboxDatabase where) throws SQLException {
        return where.connect(Role.OPTIMIZER);
    }
}
