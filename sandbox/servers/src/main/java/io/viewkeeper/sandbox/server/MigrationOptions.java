// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;

/**
 * What a database is migrated with.
 *
 * @param contexts Liquibase contexts: {@code core} is Viewkeeper's own tables, {@code claims} adds the claims workload
 * @param businessTimeZone the zone in which the views cut days, the changelog parameter {@code businessTimeZone}
 */
public record MigrationOptions(Set<String> contexts, ZoneId businessTimeZone) {

    // Liquibase runs the changes of every context when it is given none.
    private static final String CORE = "core";
    private static final String CLAIMS = "claims";

    public MigrationOptions {
        contexts = Set.copyOf(contexts);
    }

    /** Viewkeeper's own tables alone. */
    public static MigrationOptions core() {
        return new MigrationOptions(Set.of(CORE), ZoneOffset.UTC);
    }

    /** Viewkeeper's own tables and the claims workload. */
    public static MigrationOptions claims() {
        return new MigrationOptions(Set.of(CORE, CLAIMS), ZoneOffset.UTC);
    }

    public MigrationOptions withBusinessTimeZone(ZoneId zone) {
        return new MigrationOptions(contexts, zone);
    }

    /** {@code Z} is ISO's spelling; PostgreSQL knows zones by the names of the tz database. */
    String businessTimeZoneName() {
        return businessTimeZone.equals(ZoneOffset.UTC) ? "UTC" : businessTimeZone.getId();
    }
}
