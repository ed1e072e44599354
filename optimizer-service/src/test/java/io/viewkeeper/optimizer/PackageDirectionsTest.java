// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackageDirectionsTest {
    private static final JavaClasses SERVICE = service();

    /** Ours alone: of whatever else they use, the rules need nothing but the names. */
    private static JavaClasses service() {
        var configuration = ArchConfiguration.get();
        boolean usual = configuration.resolveMissingDependenciesFromClassPath();
        configuration.setResolveMissingDependenciesFromClassPath(false);
        try {
            return new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.viewkeeper.optimizer");
        } finally {
            configuration.setResolveMissingDependenciesFromClassPath(usual);
        }
    }

    /** Or else no rule would find anything. */
    @Test
    void usesOfForeignPackagesAreSeen() {
        var used = SERVICE.stream()
                .flatMap(one -> one.getDirectDependenciesFromSelf().stream())
                .map(use -> use.getTargetClass().getPackageName())
                .collect(Collectors.toSet());
        assertThat(used)
                .contains(
                        "io.viewkeeper.optimizer.plan",
                        "io.viewkeeper.schema.database",
                        "io.smallrye.reactive.messaging.kafka",
                        "io.vertx.sqlclient",
                        "jakarta.ws.rs");
    }

    @Test
    void featuresNeverUseWhatWiresThem() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.optimizer.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.viewkeeper.optimizer")
                .check(SERVICE);
    }

    @Test
    void theInboxKnowsNothingOfAnalysisNorOfHttp() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.optimizer.event..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.viewkeeper.optimizer.survey..",
                        "io.viewkeeper.optimizer.examine..",
                        "io.viewkeeper.optimizer.statement..",
                        "io.viewkeeper.optimizer.plan..",
                        "io.viewkeeper.optimizer.finding..",
                        "io.viewkeeper.optimizer.index..",
                        "io.viewkeeper.optimizer.maintenance..",
                        "io.viewkeeper.optimizer.analysis..",
                        "io.viewkeeper.optimizer.explain..",
                        "io.viewkeeper.optimizer.sql..",
                        "io.viewkeeper.optimizer.api..",
                        "jakarta.ws.rs..")
                .check(SERVICE);
    }

    @Test
    void nobodyButKafkasEdgeKnowsKafka() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.optimizer.*..")
                .and()
                .resideOutsideOfPackage("io.viewkeeper.optimizer.event..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "io.smallrye.reactive.messaging..")
                .check(SERVICE);
    }

    @Test
    void analysesKnowNoEdges() {
        mayNotUse("statement", "plan", "finding", "explain", "analysis", "api", "event");
        mayNotUse("analysis", "api", "event");
    }

    private static void mayNotUse(String slice, String... others) {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.optimizer." + slice + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Stream.of(others)
                        .map(other -> "io.viewkeeper.optimizer." + other + "..")
                        .toArray(String[]::new))
                .check(SERVICE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.viewkeeper.optimizer.(*)..")
                .should()
                .beFreeOfCycles()
                .check(SERVICE);
    }

    @Test
    void noOtherServiceIsUsed() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.optimizer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.viewkeeper.refresher..",
                        "io.viewkeeper.metrics..",
                        "io.viewkeeper.sandbox..",
                        "io.viewkeeper.schema.migration..")
                .check(SERVICE);
    }

    @Test
    void onlyTheGatewayKnowsTheDatabaseClient() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.optimizer.*..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.vertx.sqlclient.Pool")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.smallrye.mutiny..", "io.vertx.core..", "java.sql..")
                .check(SERVICE);
    }

    /** A database's encoding may lack any other character: only what a terminal shows and nobody keeps may have them. */
    @Test
    void textsThatMayBeKeptAreAscii() {
        try (var files =
                Stream.of("src/main/java", "../optimizer-core/src/main/java").flatMap(PackageDirectionsTest::below)) {
            var odd = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/api/"))
                    .filter(file -> !file.endsWith("plan/Printable.java") && !file.endsWith("plan/PlanFigures.java"))
                    .flatMap(PackageDirectionsTest::code)
                    .filter(line -> line.chars().anyMatch(c -> c > 127))
                    .toList();
            assertThat(odd).isEmpty();
        }
    }

    private static Stream<Path> below(String folder) {
        try {
            return Files.walk(Path.of(folder));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Without comments. */
    private static Stream<String> code(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.startsWith("*") && !line.startsWith("/*") && !line.startsWith("//"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
