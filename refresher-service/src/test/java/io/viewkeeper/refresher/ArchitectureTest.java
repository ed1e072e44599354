package io.viewkeeper.refresher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Fails when docs/architecture.md lies about this service. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = ownClasses();

    private static final String[] ROOMS = {
        "schedule", "view", "register", "state", "change", "queue", "run", "loop", "command", "status"
    };

    /** What they depend on is known by its name alone: the rules ask for no more, and reading it all takes ten seconds. */
    private static JavaClasses ownClasses() {
        var configuration = ArchConfiguration.get();
        try {
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.viewkeeper.refresher");
        } finally {
            configuration.reset();
        }
    }

    /** The control: classes that are known by name alone are seen, ours and others'. */
    @Test
    void aRuleThatIsBrokenIsSaidToBe() {
        assertThatThrownBy(() -> mayNotUse("api", "status")).hasMessageContaining("io.viewkeeper.refresher.status.");
        for (String used : new String[] {"org.apache.kafka..", "io.viewkeeper.schema.."}) {
            var rule = noClasses()
                    .that()
                    .resideInAPackage("io.viewkeeper.refresher.outbox..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(used);
            assertThatThrownBy(() -> rule.check(CLASSES)).hasMessageContaining(used.replace("..", "."));
        }
    }

    @Test
    void hasNoCycles() {
        slices().matching("io.viewkeeper.refresher.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void eachRoomKnowsOnlyThoseBelowIt() {
        mayNotUse("schedule", "register", "state", "change", "queue", "run", "loop", "command", "status");
        mayNotUse("view", "schedule", "register", "state", "change", "queue", "run", "loop", "command", "status");
        mayNotUse("register", "change", "queue", "run", "loop", "command", "status");
        mayNotUse("state", "change", "queue", "run", "loop", "command", "status");
        mayNotUse("change", "queue", "run", "loop", "command", "status");
        mayNotUse("queue", "run", "loop", "command", "status");
        mayNotUse("run", "loop", "command", "status");
        mayNotUse("loop", "command", "status");
        mayNotUse("command", "loop", "status");
        mayNotUse("status", "loop", "command");
    }

    @Test
    void onlyTheEdgesKnowKafkaOrHttp() {
        for (String room : ROOMS) {
            mayNotUse(room, "outbox", "retention", "api");
            noClasses()
                    .that()
                    .resideInAPackage("io.viewkeeper.refresher." + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka..", "jakarta.ws.rs..", "io.smallrye.reactive..")
                    .check(CLASSES);
        }
    }

    @Test
    void outboxDecidesNothing() {
        mayNotUse("outbox", ROOMS);
        mayNotUse("outbox", "retention", "api");
    }

    @Test
    void retentionKnowsTablesOnlyAndNobodyKnowsIt() {
        mayNotUse("retention", ROOMS);
        mayNotUse("retention", "outbox", "api");
        mayNotUse("api", "retention");
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.refresher.retention..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "jakarta.ws.rs..", "io.smallrye.reactive..")
                .check(CLASSES);
    }

    @Test
    void noServiceDependsOnAnother() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.refresher..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.viewkeeper.optimizer..", "io.viewkeeper.metrics..", "io.viewkeeper.sandbox..")
                .check(CLASSES);
    }

    @Test
    void onlyTheGatewayTouchesTheReactiveClient() {
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.refresher.(*)..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.pgclient..", "io.vertx.mutiny..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.refresher.(*)..")
                .and()
                // Quarkus hands it the request in Vert.x' clothes.
                .doNotHaveSimpleName("TokenFileMechanism")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.core..")
                .check(CLASSES);
    }

    private static void mayNotUse(String slice, String... others) {
        String[] packages = new String[others.length];
        for (int i = 0; i < others.length; i++) {
            packages[i] = "io.viewkeeper.refresher." + others[i] + "..";
        }
        noClasses()
                .that()
                .resideInAPackage("io.viewkeeper.refresher." + slice + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(CLASSES);
    }
}
