// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.change;

/**
 * Tells whether somebody else has touched a view. Every REFRESH, concurrent ones too, writes the view's row of {@code pg_class}
 * (SetMatViewPopulatedState in matview.c), and so do RENAME, ALTER and GRANT; VACUUM, ANALYZE, REINDEX and CREATE INDEX change it in place,
 * under the same xmin. A re-created view has another oid, a restored one another oid or another cluster. So an equal mark means equal
 * content; a GRANT costs one refresh that is called a change and is none.
 *
 * @param cluster stands for the cluster, its timeline, and the database's oid and name; for the database alone where the cluster may
 *     not be asked for, and a restored cluster is then told by oids
 * @param xid the transaction that wrote the row, 32 bits
 */
public record Mark(String cluster, long oid, int xid) {
    private static final String CLUSTER = ":cluster:";

    // A copy of a database by CREATE DATABASE has the oids and versions of its template. A base backup that was
    // restored, or a standby that was promoted, goes on in another timeline: from its first checkpoint on the control
    // file says so.
    private static final String IDENTIFIER = """
        (
          select pg_catalog.md5((s.system_identifier, p.timeline_id, d.oid, d.datname)::text)
          from pg_catalog.pg_control_system() s
          cross join pg_catalog.pg_control_checkpoint() p
          join pg_catalog.pg_database d on d.datname = pg_catalog.current_database()
        )
        """;

    private static final String PARTIAL_IDENTIFIER = """
        (
          select pg_catalog.md5((d.oid, d.datname)::text)
          from pg_catalog.pg_database d
          where d.datname = pg_catalog.current_database()
        )
        """;

    /** Whether {@link #in} may ask for the cluster's identifier: some providers keep that to themselves. */
    public static final String MAY_ASK = """
        pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')
          and pg_catalog.has_function_privilege('pg_catalog.pg_control_checkpoint()', 'execute')
        """;

    /** Of the row {@code c} of pg_class; for {@link #in}. */
    public static final String OF_C = CLUSTER + """
         || '/' || c.oid || '/' || c.xmin
        """;

    /** @param sql holds {@link #OF_C}. The server looks at privileges of what it does not execute, too, so there are two texts */
    public static String in(String sql, boolean mayAsk) {
        return sql.replace(CLUSTER, mayAsk ? IDENTIFIER : PARTIAL_IDENTIFIER);
    }

    static Mark of(String text) {
        String[] parts = text.split("/", -1);
        return new Mark(parts[0], Long.parseLong(parts[1]), Integer.parseUnsignedInt(parts[2]));
    }
}
