// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/**
 * What keeps explanations from doing harm.
 *
 * @param layers which are active: all but in tests, which show what each is for
 * @param harmlessExtensions whose compiled functions execute no text that they are given, see {@link #KNOWN_EXTENSIONS}
 */
public record Protection(ExplainLimits limits, Set<Layer> layers, Set<String> harmlessExtensions) {
    /**
     * Of PostgreSQL's own those without tablefunc, xml2, dblink and the like, which execute texts; pgvector, and PostGIS without
     * its rasters, topologies and addresses, which do, too.
     */
    private static final Set<String> KNOWN_EXTENSIONS = Set.of(
            "bloom",
            "btree_gin",
            "btree_gist",
            "citext",
            "cube",
            "dict_int",
            "dict_xsyn",
            "earthdistance",
            "fuzzystrmatch",
            "hstore",
            "intarray",
            "isn",
            "ltree",
            "pg_trgm",
            "pgcrypto",
            "plpgsql",
            "postgis",
            "seg",
            "sslinfo",
            "unaccent",
            "uuid-ossp",
            "vector");

    public Protection {
        layers = Set.copyOf(layers);
        harmlessExtensions = Set.copyOf(harmlessExtensions);
    }

    /** All of it. */
    public static Protection of(ExplainLimits limits) {
        return new Protection(limits, EnumSet.allOf(Layer.class), KNOWN_EXTENSIONS);
    }

    /** With extensions that somebody answers for. */
    public Protection trusting(Set<String> extensions) {
        var all = new HashSet<>(harmlessExtensions);
        all.addAll(extensions);
        return new Protection(limits, layers, all);
    }
}
