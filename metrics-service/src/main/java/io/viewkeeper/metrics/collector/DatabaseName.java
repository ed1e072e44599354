// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.collector;

import io.viewkeeper.schema.database.InstallationTags;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The label {@code database}: known before the database has answered, from the URL, and then as it names itself. */
@Singleton
public class DatabaseName {
    private volatile String name;

    DatabaseName(@ConfigProperty(name = "quarkus.datasource.reactive.url") Optional<String> url) {
        name = url.map(InstallationTags::databaseIn).orElse("");
    }

    public String get() {
        return name;
    }

    public void is(String itsName) {
        name = itsName;
    }
}
