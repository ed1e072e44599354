// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.util.Optional;

/**
 * {@link Layer#ROLE}: read-only transactions bind nobody who may reload the configuration, read files, start programs or
 * end other sessions.
 */
final class RoleCheck {
    private static final String POWERS = """
            /* viewkeeper:explain */
            select pg_catalog.string_agg(power, ', ' order by power)
            from (
              select 'superuser' as power
              from pg_catalog.pg_roles r
              where r.rolname in (current_user, session_user)
                and r.rolsuper
              union
              select 'replication'
              from pg_catalog.pg_roles r
              where r.rolname in (current_user, session_user)
                and r.rolreplication
              union
              select 'createrole'
              from pg_catalog.pg_roles r
              where r.rolname in (current_user, session_user)
                and r.rolcreaterole
              union
              select 'member of ' || r.rolname
              from pg_catalog.pg_roles r
              where (r.rolsuper
                  or r.rolname in (
                    'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_signal_backend',
                    'pg_checkpoint', 'pg_create_subscription', 'pg_signal_autovacuum_worker',
                    'rds_superuser', 'cloudsqlsuperuser', 'azure_pg_admin', 'alloydbsuperuser'))
                and r.rolname not in (current_user, session_user)
                and (pg_catalog.pg_has_role(current_user, r.oid, 'member') or pg_catalog.pg_has_role(session_user, r.oid, 'member'))
              union
              select 'execute on ' || p.proname
              from pg_catalog.pg_proc p
              where p.pronamespace = 'pg_catalog'::regnamespace
                and p.proname in (
                  'pg_reload_conf', 'pg_switch_wal', 'pg_rotate_logfile', 'pg_promote', 'pg_create_restore_point',
                  'pg_stat_reset', 'pg_stat_reset_shared', 'pg_read_file', 'pg_read_binary_file', 'pg_ls_dir',
                  'lo_import', 'lo_export', 'pg_file_write')
                and pg_catalog.has_function_privilege(current_user, p.oid, 'execute')
            ) as found""";

    private RoleCheck() {}

    /** Why nothing may be explained in this session. */
    static Optional<String> objection(MeteredSession session) {
        return session.query(POWERS, row -> Optional.ofNullable(row.getString(0)))
                .getFirst()
                .map(powers -> "The role of this connection has powers that a read-only transaction does not bind ("
                        + powers
                        + "). Connect as a role without them, with pg_read_all_data and pg_monitor.");
    }
}
