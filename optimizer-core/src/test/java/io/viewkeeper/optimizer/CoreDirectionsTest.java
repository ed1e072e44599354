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

/** What a library may not know: it is given a database and limits, and writes nothing. */
class CoreDirectionsTest {
    private static final JavaClasses CORE = core();

    /** Ours alone: of whatever else they use, the rules need nothing but the names. */
    private static JavaClasses core() {
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
        var used = CORE.stream()
                .flatMap(one -> one.getDirectDependenciesFromSelf().stream())
                .map(use -> use.getTargetClass().getPackageName())
                .collect(Collectors.toSet());
        assertThat(used)
                .contains("io.viewkeeper.optimizer.plan", "io.viewkeeper.schema.database", "io.vertx.sqlclient");
    }

    @Test
    void aLibraryKnowsNoApplication() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.smallrye..",
                        "io.micrometer..",
                        "jakarta..",
                        "org.apache.kafka..",
                        "org.eclipse.microprofile..",
                        "org.jboss..",
                        "io.vertx.core..",
                        "java.sql..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.vertx.sqlclient.Pool")
                .check(CORE);
    }

    @Test
    void tokensPlansAndFindingsArePure() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.viewkeeper.optimizer.sql..",
                        "io.viewkeeper.optimizer.plan..",
                        "io.viewkeeper.optimizer.finding..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.viewkeeper.schema.codec..",
                        "io.viewkeeper.schema.database..",
                        "io.viewkeeper.schema.event..",
                        "io.vertx..",
                        "io.quarkus..",
                        "jakarta..",
                        "java.io..",
                        "java.net..",
                        "java.nio.file..")
                .check(CORE);
    }

    @Test
    void surveysKnowNoPlansAndExplainingKnowsNoAdvice() {
        mayNotUse("sql", "plan", "finding", "survey", "explain", "examine");
        mayNotUse("plan", "finding", "survey", "explain", "examine");
        mayNotUse("finding", "survey", "explain", "examine");
        mayNotUse("survey", "plan", "finding", "explain", "examine");
        mayNotUse("explain", "finding", "survey", "examine");
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
                .check(CORE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.viewkeeper.optimizer.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CORE);
    }

    /** Histories are the service's. */
    @Test
    void noTableOfOursIsReadOrWritten() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            var sources = files.filter(file -> file.toString().endsWith(".java"))
                    .map(CoreDirectionsTest::read)
                    .toList();
            assertThat(sources)
                    .hasSizeGreaterThan(100)
                    .allSatisfy(source -> assertThat(source)
                            .doesNotContainPattern(
                                    "(?:from|join|into|update|table) (?:viewkeeper|analytics|maintenance)\\."));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
