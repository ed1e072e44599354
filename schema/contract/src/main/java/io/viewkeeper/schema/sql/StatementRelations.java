// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.sql;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The relations that a statement names: what stands where the grammar of PostgreSQL wants one. A name in a string, in a comment, of
 * a column, an alias or a function is none, nor is one that a WITH of the statement has defined. Which relation a name without a
 * schema means, only the server knows.
 *
 * @param read by the statement itself, the views' own relations are not among them
 * @param written what INSERT, UPDATE, DELETE and MERGE change
 */
public record StatementRelations(Set<RelationReference> read, Set<RelationReference> written) {
    public StatementRelations {
        read = Set.copyOf(read);
        written = Set.copyOf(written);
    }

    /** Both empty for utility commands, but for those that read: COPY TO, EXPLAIN, DECLARE, CREATE TABLE AS. */
    public static StatementRelations of(String text) {
        return new RelationReader(SqlLexer.meaning(text)).relations();
    }

    public Set<RelationReference> named() {
        var all = new LinkedHashSet<>(read);
        all.addAll(written);
        return all;
    }
}
