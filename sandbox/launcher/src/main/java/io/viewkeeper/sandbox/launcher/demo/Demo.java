// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import io.viewkeeper.sandbox.claims.GeneratorOptions;
import io.viewkeeper.sandbox.launcher.console.Command;
import io.viewkeeper.sandbox.launcher.console.Screen;
import io.viewkeeper.sandbox.launcher.demo.Deliveries.Delivery;
import io.viewkeeper.sandbox.launcher.process.OperatorToken;
import io.viewkeeper.sandbox.launcher.process.Poll;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Started;
import io.viewkeeper.sandbox.launcher.process.Surroundings;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch;
import io.viewkeeper.sandbox.launcher.workbench.SampleData;
import io.viewkeeper.sandbox.server.KafkaOptions;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.PostgresOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts everything, shows what happens, and stops what it started. */
public final class Demo {
    private static final int DONE = 0;
    private static final int FAILED = 1;

    private static final String DATABASE = "viewkeeper";
    private static final int VIEWS = 9;
    private static final Duration ONCE_LIMIT = Duration.ofMinutes(10);
    private static final Duration ADVICE_LIMIT = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private static final Map<String, Duration> INTERVALS = Map.of(
            "realtime", Duration.ofSeconds(10), "daily", Duration.ofSeconds(30), "analytics", Duration.ofSeconds(20));

    private final Path root;
    private final Command.Demo command;
    private final Screen screen;
    private final Started started = new Started();

    public Demo(Path root, Command.Demo command, Screen screen) {
        this.root = root;
        this.command = command;
        this.screen = screen;
    }

    /** Returns the exit code. Ctrl-C ends the JVM instead, after everything was stopped. */
    public int run() throws InterruptedException, IOException, SQLException {
        try (var directory = DemoDirectory.take(root.resolve("target/demo"))) {
            var hook = new Thread(() -> stop(directory), "stop");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                return run(directory);
            } catch (InterruptedException | RuntimeException | SQLException e) {
                if (started.isClosed()) {
                    // Ctrl-C: what fails now fails because its server is being stopped. The hook ends the JVM.
                    new Poll(Duration.ofMinutes(2)).until(() -> false);
                }
                throw e;
            } finally {
                if (!started.isClosed()) {
                    screen.step("Stopping everything", () -> {
                        started.close();
                        return DONE;
                    });
                }
                leaveAlone(hook);
            }
        }
    }

    private static void leaveAlone(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException itRunsAlready) {
            // Then it will find nothing left to do.
        }
    }

    private int run(DemoDirectory directory) throws InterruptedException, IOException, SQLException {
        screen.say("Viewkeeper demo: nine views over %,d claims".formatted(command.claims()));
        var options = SampleData.options(command.claims());
        var surroundings = startServers(directory, options);
        var settings = ClaimsGroups.every(INTERVALS);
        var operator = OperatorToken.create(directory.path());
        started.start(() -> (AutoCloseable) operator::delete);
        started.start(() -> SlowQuestions.start(surroundings.database()));
        var services = startServices(
                surroundings,
                Map.of(
                        ServiceKind.REFRESHER, with(settings, operator.settings()),
                        ServiceKind.OPTIMIZER, with(Advice.SETTINGS, operator.settings())));
        var watch = started.start(() -> EventWatch.start(surroundings.bootstrapServers()));
        var arrivals = started.start(() -> Arrivals.start(surroundings.database(), options));
        var monitoring = started.start(() -> Monitoring.start(root, services, directory.path()));
        ConnectionFile.write(
                directory.connectionFile(),
                with(ConnectionFile.lines(surroundings, services, operator), monitoring.settings()));
        introduce(directory, services, monitoring, settings);
        var states = started.start(() -> ViewStates.of(surroundings.database()));
        var deliveries = new Deliveries(
                states, watch, serviceOf(services, ServiceKind.OPTIMIZER), serviceOf(services, ServiceKind.METRICS));
        var advice = new Advice(serviceOf(services, ServiceKind.OPTIMIZER));
        if (!command.once()) {
            return live(services, states, arrivals, watch, advice);
        }
        int outcome = once(services, states, deliveries, advice);
        if (outcome == DONE) {
            monitoring.answers(VIEWS).forEach(screen::say);
            directory.keepConnectionFile();
        }
        return outcome;
    }

    private static Map<String, String> with(Map<String, String> settings, Map<String, String> more) {
        var all = new LinkedHashMap<>(settings);
        all.putAll(more);
        return all;
    }

    private Surroundings startServers(DemoDirectory directory, GeneratorOptions options)
            throws InterruptedException, SQLException {
        var postgres = screen.step(
                "Starting PostgreSQL", () -> started.start(() -> PostgresServer.start(PostgresOptions.temporary())));
        var kafka =
                screen.step("Starting Kafka", () -> started.start(() -> KafkaServer.start(KafkaOptions.temporary())));
        var database =
                screen.step("Creating the database and its roles", () -> postgres.createUnmigratedDatabase(DATABASE));
        var surroundings =
                new Surroundings(root, command.packaging(), directory.path(), database, kafka.bootstrapServers());
        screen.step("Applying the schema (the migration command)", () -> {
            surroundings.migrate("core,claims");
            return DONE;
        });
        SampleData.generate(database, options, screen);
        if (command.x12().isPresent()) {
            SampleData.loadFiles(database, command.x12().get(), screen);
        }
        return surroundings;
    }

    private List<RunningService> startServices(
            Surroundings surroundings, Map<ServiceKind, Map<String, String>> settingsOf) throws InterruptedException {
        return screen.step("Starting the three services", () -> {
            var services = new ArrayList<RunningService>();
            for (var kind : ServiceKind.values()) {
                var settings = settingsOf.getOrDefault(kind, Map.of());
                services.add(started.start(() -> RunningService.start(kind, surroundings, settings)));
            }
            // Stopped first of all: told together, they end at the same time.
            started.start(() -> (AutoCloseable)
                    () -> services.forEach(service -> service.process().askToStop()));
            for (var service : services) {
                screen.progress("Starting the three services: waiting for "
                        + service.kind().module());
                service.awaitReady();
            }
            return services;
        });
    }

    private void introduce(
            DemoDirectory directory,
            List<RunningService> services,
            Monitoring monitoring,
            Map<String, String> settings) {
        screen.say("");
        screen.say("Schedules are shortened for the demo: %s".formatted(ClaimsGroups.describe(settings)));
        screen.say("      (meant for production: %s)".formatted(ClaimsGroups.describe(ClaimsGroups.production())));
        screen.say(
                "An application asks questions that no index helps with; slow is what takes 20 ms on average, not 1 s.");
        for (var service : services) {
            screen.say("%-18s %s  health and metrics %s/q/health %s/q/metrics"
                    .formatted(
                            service.kind().module(), service.url(), service.managementUrl(), service.managementUrl()));
        }
        monitoring.introduction().forEach(screen::say);
        var file = directory.connectionFile();
        screen.say("Other tools find everything in %s, for example:".formatted(file));
        screen.say("      psql \"$(sed -n 's/^POSTGRES_URL=//p' '%s')\"".formatted(file));
        screen.say("      . '%s'; curl -H 'Accept: text/plain' $OPTIMIZER_URL/findings".formatted(file));
        screen.say(
                "      . '%s'; curl -X POST -H \"Authorization: Bearer $OPERATOR_TOKEN\" $REFRESHER_URL/groups/daily/refreshes"
                        .formatted(file));
        screen.say("");
    }

    private int once(List<RunningService> services, ViewStates states, Deliveries deliveries, Advice advice)
            throws InterruptedException, SQLException {
        screen.say(
                "Waiting until every view was refreshed by schedule and its event has arrived: on Kafka, at both consumers");
        long end = System.nanoTime() + ONCE_LIMIT.toNanos();
        var now = deliveries.now();
        while (!isComplete(now) && System.nanoTime() - end < 0) {
            if (anyHasDied(services)) {
                return FAILED;
            }
            screen.progress(
                    "%d of %d views refreshed by schedule, %d events on Kafka, %d at the optimizer, %d at metrics"
                            .formatted(
                                    now.stream()
                                            .filter(view -> view.run().isPresent())
                                            .count(),
                                    Math.max(VIEWS, now.size()),
                                    now.stream().filter(Delivery::onTopic).count(),
                                    now.stream().filter(Delivery::atOptimizer).count(),
                                    now.stream().filter(Delivery::atMetrics).count()));
            Thread.sleep(BETWEEN_LOOKS);
            now = deliveries.now();
        }
        screen.say("");
        screen.finalTable(ViewTable.render(states.rows(), Instant.now()));
        if (isComplete(now)) {
            show(advice);
            screen.say(
                    "All %d views were refreshed by schedule; each event was seen by a plain Kafka consumer, optimizer-service and metrics-service."
                            .formatted(now.size()));
            return DONE;
        }
        screen.problem("After %d minutes something is missing (logs: %s):"
                .formatted(ONCE_LIMIT.toMinutes(), root.resolve("target/demo")));
        if (now.size() < VIEWS) {
            screen.problem("  the database has %d materialized views instead of %d".formatted(now.size(), VIEWS));
        }
        now.stream().filter(view -> !view.isComplete()).forEach(view -> screen.problem("  " + view.describe()));
        return FAILED;
    }

    /** With few claims no statement is slow: then there is no advice, and nothing is wrong. */
    private void show(Advice advice) throws InterruptedException {
        screen.progress("Waiting for what the optimizer says of the slowest statement of an application");
        long end = System.nanoTime() + ADVICE_LIMIT.toNanos();
        while (!advice.isThere() && System.nanoTime() - end < 0) {
            Thread.sleep(BETWEEN_LOOKS);
        }
        screen.say("");
        if (!advice.isThere()) {
            screen.say(
                    "The optimizer has explained no statement: with few claims none is slow (try more with --claims).");
            return;
        }
        screen.say("What the optimizer says of the slowest statement of an application beside them:");
        advice.page().forEach(line -> screen.say("  " + line));
        screen.say("");
    }

    private static boolean isComplete(List<Delivery> deliveries) {
        return deliveries.size() >= VIEWS && deliveries.stream().allMatch(Delivery::isComplete);
    }

    private int live(
            List<RunningService> services, ViewStates states, Arrivals arrivals, EventWatch watch, Advice advice)
            throws InterruptedException, SQLException {
        screen.say("Ctrl-C stops everything.");
        screen.say("");
        while (!started.isClosed() && !anyHasDied(services)) {
            var lines = ViewTable.render(states.rows(), Instant.now());
            lines.add("");
            lines.add("%s; %,d events are on Kafka"
                    .formatted(arrivals.describe(), watch.events().size()));
            lines.add("optimizer: " + advice.describe());
            screen.table(lines);
            Thread.sleep(BETWEEN_LOOKS);
        }
        return FAILED;
    }

    private boolean anyHasDied(List<RunningService> services) {
        var dead = services.stream()
                .map(RunningService::process)
                .filter(process -> !process.isAlive())
                .toList();
        if (!started.isClosed()) {
            dead.forEach(process -> screen.problem(process.obituary()));
        }
        return !dead.isEmpty();
    }

    private void stop(DemoDirectory directory) {
        screen.say("");
        screen.say("Stopping …");
        started.close();
        try {
            directory.close();
        } catch (IOException e) {
            screen.problem("could not release %s: %s".formatted(directory.path(), e));
        }
        screen.say("Everything is stopped.");
    }

    private static RunningService serviceOf(List<RunningService> services, ServiceKind kind) {
        return services.stream()
                .filter(service -> service.kind() == kind)
                .findFirst()
                .orElseThrow();
    }
}
