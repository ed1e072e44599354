// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PackageDirectionsTest {
    /** Of this module alone: what these use is known by its name, without being read. */
    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.viewkeeper.metrics");

    @Test
    void featuresNeverUseWhatWiresThem() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.metrics.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.viewkeeper.metrics")
                .check(SERVICE);
    }

    @Test
    void freshnessKnowsNoOtherFeature() {
        classes()
                .that()
                .resideInAPackage("io.viewkeeper.metrics.freshness..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages(
                        "io.viewkeeper.metrics.database..",
                        "io.viewkeeper.metrics.usage..",
                        "io.viewkeeper.metrics.kpi..")
                .check(SERVICE);
    }

    @Test
    void onlyTheEdgeKnowsHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.viewkeeper.metrics.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.viewkeeper.metrics.api..", "jakarta.ws.rs..")
                .check(SERVICE);
    }

    /** Data and refreshes are dated by the database's clock; see DatabaseClock. */
    @Test
    void freshnessNeverAsksThisMachineForTheTime() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.metrics.freshness..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Clock.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(SERVICE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.viewkeeper.metrics.(*)..")
                .should()
                .beFreeOfCycles()
                .check(SERVICE);
    }

    @Test
    void noOtherServiceIsUsed() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.viewkeeper.refresher..",
                        "io.viewkeeper.optimizer..",
                        "io.viewkeeper.sandbox..",
                        "io.viewkeeper.schema.migration..")
                .check(SERVICE);
    }

    @Test
    void onlyTheGatewayKnowsTheDatabaseClient() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.metrics.*..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.vertx.sqlclient.Pool")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("io.smallrye.mutiny..", "io.vertx.core..", "java.sql..")
                .check(SERVICE);
    }
}
