// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema is migrated in one place: with Liquibase and JDBC inside, a service starts slower and twice as large. */
class PackagesIT {
    private static final Pattern NOT_IN_A_SERVICE =
            Pattern.compile("liquibase|jdbc|agroal|narayana|org\\.postgresql\\.");

    @ParameterizedTest
    @EnumSource(ServiceKind.class)
    void aPackagedServiceCarriesNeitherLiquibaseNorJdbc(ServiceKind kind) throws IOException {
        assertThat(librariesOf(kind.module()))
                .isNotEmpty()
                .noneMatch(library -> NOT_IN_A_SERVICE.matcher(library).find());
    }

    @Test
    void thePackagedMigrationCarriesBoth() throws IOException {
        assertThat(librariesOf("schema/migration"))
                .anyMatch(library -> library.contains("liquibase"))
                .anyMatch(library -> library.contains("org.postgresql."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema/migration", "refresher-service", "optimizer-service", "metrics-service"})
    void everyModuleThatBecomesAnExecutableHasTheSourcesOfItsNativeImage(String module) {
        assertThat(Installation.root().resolve(module).resolve("target/native-sources/native-image.args"))
                .isNotEmptyFile();
    }

    private static List<String> librariesOf(String module) throws IOException {
        var application = Installation.root().resolve(module).resolve("target/quarkus-app");
        try (var files = Files.walk(application)) {
            return files.map(Path::getFileName)
                    .map(name -> name.toString().toLowerCase(Locale.ROOT))
                    .filter(name -> name.endsWith(".jar"))
                    .toList();
        }
    }
}
