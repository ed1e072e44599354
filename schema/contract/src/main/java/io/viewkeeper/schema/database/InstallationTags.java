// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Every meter, those of libraries too, says of which database it tells, and of which cluster where one is named: one
 * Prometheus may look at several installations, and two databases may have one name.
 */
@Singleton
public class InstallationTags implements MeterFilter {
    private static final String UNNAMED = "default";

    private final String database;
    private final Optional<String> cluster;

    public InstallationTags(
            @ConfigProperty(name = DatabaseUrl.NAME) Optional<String> url,
            @ConfigProperty(name = "viewkeeper.cluster", defaultValue = UNNAMED) String cluster) {
        this.database = url.map(InstallationTags::databaseIn).orElse("");
        this.cluster = Optional.of(cluster).filter(name -> !name.equals(UNNAMED));
    }

    /** The name of the database in a connection URL; empty where there is none. */
    public static String databaseIn(String url) {
        // Of several servers the first will do: all have it.
        String address =
                url.replaceFirst("^[^/]*//", "").replaceFirst(",[^/,]*//.*", "").replaceFirst("\\?.*", "");
        int slash = address.indexOf('/');
        return slash < 0
                ? ""
                : URLDecoder.decode(address.substring(slash + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The label {@code cluster} of every series; none where the cluster has no name of its own. */
    public Optional<String> cluster() {
        return cluster;
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        var ofDatabase = id.withTag(Tag.of("database", database));
        return cluster.map(name -> ofDatabase.withTag(Tag.of("cluster", name))).orElse(ofDatabase);
    }
}
