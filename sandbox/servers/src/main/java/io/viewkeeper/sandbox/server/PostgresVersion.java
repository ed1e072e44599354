// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;

/**
 * The major versions of PostgreSQL that Viewkeeper works with. The newest is always there; the binaries of an older one are
 * a resource {@code postgres-15/…txz}, which a module that wants them unpacks to its test classes.
 */
public enum PostgresVersion {
    V15(15),
    V16(16),
    V17(17),
    V18(18);

    private static final PostgresVersion NEWEST = V18;

    private final int major;

    PostgresVersion(int major) {
        this.major = major;
    }

    /** What a server is unless something else is asked for. */
    public static PostgresVersion newest() {
        return NEWEST;
    }

    /** The major version, as in {@code server_version_num / 10000}. */
    public int major() {
        return major;
    }

    String image() {
        return "postgres:" + major;
    }

    /** Where the binaries are; empty: where the library looks by itself. */
    Optional<PgBinaryResolver> binaries() {
        return this == NEWEST ? Optional.empty() : Optional.of(new Archive(major));
    }

    /** Equal for equal versions: the library remembers by it what it has unpacked. */
    private record Archive(int major) implements PgBinaryResolver {
        @Override
        public InputStream getPgBinary(String system, String machine) {
            var resource = "postgres-%d/postgres-%s-%s.txz".formatted(major, system.toLowerCase(Locale.ROOT), machine);
            var archive = PostgresVersion.class.getClassLoader().getResourceAsStream(resource);
            if (archive == null) {
                throw new SandboxServerException(
                        "The binaries of PostgreSQL %d are missing: no resource %s on the class path"
                                .formatted(major, resource));
            }
            return archive;
        }
    }
}
