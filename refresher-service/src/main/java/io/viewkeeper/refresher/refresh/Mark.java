package io.viewkeeper.refresher.refresh;

/**
 * Tells whether somebody else has touched a view's content. Every REFRESH, concurrent ones too, writes the view's row of
 * {@code pg_class} (SetMatViewPopulatedState in matview.c), and so do RENAME, ALTER and GRANT; VACUUM, ANALYZE, REINDEX and CREATE INDEX
 * change it in place, under the same xmin. A re-created view has another oid, a restored one another oid or another cluster. So an
 * equal mark means equal content; a GRANT costs one refresh that is called a change and is none.
 */
final class Mark {
    /** Of the row {@code c} of pg_class. */
    static final String OF_C =
            "(select s.system_identifier from pg_catalog.pg_control_system() s) || '/' || c.oid || '/' || c.xmin";

    private Mark() {}
}
