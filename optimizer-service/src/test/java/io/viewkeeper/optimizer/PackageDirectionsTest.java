package io.viewkeeper.optimizer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class PackageDirectionsTest {
    private static final JavaClasses SERVICE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.viewkeeper");

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
                        "io.viewkeeper.optimizer.statement..",
                        "io.viewkeeper.optimizer.plan..",
                        "io.viewkeeper.optimizer.finding..",
                        "io.viewkeeper.optimizer.index..",
                        "io.viewkeeper.optimizer.maintenance..",
                        "io.viewkeeper.optimizer.analysis..",
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
}
