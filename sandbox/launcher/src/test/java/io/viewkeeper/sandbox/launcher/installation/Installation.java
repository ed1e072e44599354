// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import io.viewkeeper.sandbox.claims.ClaimsLoader;
import io.viewkeeper.sandbox.claims.GeneratorOptions;
import io.viewkeeper.sandbox.claims.LoadProgress;
import io.viewkeeper.sandbox.launcher.demo.ClaimsGroups;
import io.viewkeeper.sandbox.launcher.demo.Deliveries;
import io.viewkeeper.sandbox.launcher.demo.ViewStates;
import io.viewkeeper.sandbox.launcher.process.Packaging;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Surroundings;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch;
import io.viewkeeper.sandbox.launcher.workbench.SampleData;
import io.viewkeeper.sandbox.server.KafkaOptions;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.event.ViewName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL, Kafka, the claims workload and the three packaged services, started by the first end-to-end test and used by
 * all: each test leaves it as it found it. Nothing of it outlives this JVM.
 */
public final class Installation {
    /** Who uses {@link #shared} holds a lock of this name: what one test kills, another one would miss. */
    static final String SHARED = "installation";

    /** How often each group is refreshed here. */
    static final Map<String, Duration> INTERVALS = Map.of(
            "realtime", Duration.ofSeconds(3), "daily", Duration.ofSeconds(5), "analytics", Duration.ofSeconds(5));

    static final List<ViewName> VIEWS = List.of(
                    "claims_daily_summary",
                    "claims_processing_metrics_realtime",
                    "diagnosis_code_analytics",
                    "failed_claims_analysis",
                    "payer_analysis_daily",
                    "provider_performance_daily",
                    "queue_depth_metrics_realtime",
                    "revenue_analytics_summary",
                    "validation_results_realtime")
            .stream()
            .map(name -> new ViewName("analytics", name))
            .toList();

    private static final Map<String, String> OFTEN_SAMPLED = Map.of(
            "viewkeeper.metrics.statistics.statements-interval", "1s",
            "viewkeeper.metrics.statistics.tables-interval", "1s",
            "viewkeeper.metrics.statistics.view-buffers-interval", "1s",
            "viewkeeper.metrics.usage.interval", "1s");

    private static final long CLAIMS = 2_000;

    private static @Nullable Installation shared;

    private final KafkaServer kafka;
    private final Surroundings surroundings;
    private final EventWatch watch;
    private final ViewStates states;
    private final Map<ServiceKind, RunningService> services = new EnumMap<>(ServiceKind.class);

    private Installation(KafkaServer kafka, Surroundings surroundings) throws SQLException {
        this.kafka = kafka;
        this.surroundings = surroundings;
        watch = EventWatch.start(surroundings.bootstrapServers());
        states = ViewStates.of(surroundings.database());
    }

    static synchronized Installation shared() throws InterruptedException, IOException, SQLException {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** The checkout. */
    public static Path root() {
        return Path.of(System.getProperty("viewkeeper.root", "../.."))
                .toAbsolutePath()
                .normalize();
    }

    private static Installation start() throws InterruptedException, IOException, SQLException {
        var kafka = KafkaServer.start(KafkaOptions.temporary());
        var database = PostgresServer.shared().createUnmigratedDatabase("end_to_end");
        var logs = Files.createDirectories(root().resolve("sandbox/launcher/target/end-to-end"));
        var surroundings = new Surroundings(root(), Packaging.JVM, logs, database, kafka.bootstrapServers());
        surroundings.migrate("core,claims");
        ClaimsLoader.load(
                () -> database.connect(Role.OWNER),
                GeneratorOptions.of(SampleData.SEED, CLAIMS, Instant.now()),
                LoadProgress.SILENT);
        var installation = new Installation(kafka, surroundings);
        for (var kind : ServiceKind.values()) {
            installation.launch(kind);
        }
        for (var kind : ServiceKind.values()) {
            installation.service(kind).awaitReady();
        }
        return installation;
    }

    private void launch(ServiceKind kind) {
        services.put(kind, RunningService.start(kind, surroundings, settings(kind)));
    }

    /** Starts a service that was killed, and waits until it is ready. */
    void startAgain(ServiceKind kind) throws InterruptedException {
        launch(kind);
        service(kind).awaitReady();
    }

    /** One more of a kind; the test that starts it closes it. */
    RunningService another(ServiceKind kind) {
        return RunningService.start(kind, surroundings, settings(kind));
    }

    private static Map<String, String> settings(ServiceKind kind) {
        return switch (kind) {
            case REFRESHER -> ClaimsGroups.every(INTERVALS);
            case OPTIMIZER -> Map.of();
            case METRICS -> OFTEN_SAMPLED;
        };
    }

    RunningService service(ServiceKind kind) {
        var service = services.get(kind);
        if (service == null) {
            throw new IllegalStateException(kind + " was never started");
        }
        return service;
    }

    KafkaServer kafka() {
        return kafka;
    }

    SandboxDatabase database() {
        return surroundings.database();
    }

    ViewStates states() {
        return states;
    }

    /** All events from the first on. */
    EventWatch watch() {
        return watch;
    }

    Deliveries deliveries() {
        return new Deliveries(states, watch, service(ServiceKind.OPTIMIZER), service(ServiceKind.METRICS));
    }
}
