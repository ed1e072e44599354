package io.viewkeeper.refresher.refresh;

/**
 * Tells whether somebody else has touched a view. Every REFRESH, concurrent ones too, writes the view's row of {@code pg_class}
 * (SetMatViewPopulatedState in matview.c), and so do RENAME, ALTER and GRANT; VACUUM, ANALYZE, REINDEX and CREATE INDEX change it in place,
 * under the same xmin. A re-created view has another oid, a restored one another oid or another cluster. So an equal mark means equal
 * content; a GRANT costs one refresh that is called a change and is none.
 *
 * @param cluster {@code pg_control_system()}'s identifier
 * @param xid the transaction that wrote the row, 32 bits
 * @param description of what GRANT, ALTER and RENAME change
 */
record Mark(String cluster, String oid, int xid, String description) {
    /** Of the row {@code c} of pg_class. */
    static final String OF_C = """
        (select s.system_identifier from pg_catalog.pg_control_system() s) || '/' || c.oid || '/' || c.xmin || '/'
          || pg_catalog.md5((c.relname, c.relnamespace, c.relowner, c.relacl, c.reloptions, c.reltablespace)::text)
        """;

    static Mark of(String text) {
        String[] parts = text.split("/", -1);
        return new Mark(parts[0], parts[1], Integer.parseUnsignedInt(parts[2]), parts[3]);
    }

    /** Whether the view was filled since that mark, as far as one can tell: VACUUM FULL and a GRANT of what was granted look the same. */
    boolean mayBeFilledSince(Mark before) {
        return cluster.equals(before.cluster)
                && (!oid.equals(before.oid) || (xid != before.xid && description.equals(before.description)));
    }
}
