// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.launcher.process.Packaging;
import io.viewkeeper.sandbox.launcher.process.Prometheus;
import io.viewkeeper.sandbox.launcher.process.Prometheus.Sampled;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import io.viewkeeper.sandbox.launcher.process.ServiceKind;
import io.viewkeeper.sandbox.launcher.process.Surroundings;
import io.viewkeeper.sandbox.launcher.process.Tool;
import io.viewkeeper.sandbox.launcher.workbench.EventWatch;
import io.viewkeeper.sandbox.server.Await;
import io.viewkeeper.sandbox.server.KafkaServer;
import io.viewkeeper.sandbox.server.MigrationOptions;
import io.viewkeeper.sandbox.server.PostgresOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import io.viewkeeper.schema.event.EventHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two packaged installations on one Kafka and in one Prometheus, whose databases have one name and a view of one name: what
 * happens to one is told of that one.
 */
@Tag("release")
class TwoInstallationsIT {
    private static final String DATABASE = "shop";
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** Those of Prometheus itself, and the objective, which is a number of the rules. */
    private static final String OF_NO_INSTALLATION = "up|scrape_.*|viewkeeper:minutes_fresh_objective:ratio";

    private final KafkaServer kafka = KafkaServer.shared();

    @TempDir
    private Path directory;

    @Test
    void whatHappensToOneIsToldOfThatOne() throws Exception {
        try (var east = PostgresServer.start(PostgresOptions.temporary());
                var west = PostgresServer.start(PostgresOptions.temporary());
                var eu = new One("eu", east, 3);
                var us = new One("us", west, 1);
                var prometheus = Prometheus.start(
                        Tool.prometheus(Installation.root()).orElseThrow(),
                        new Prometheus.Plan(
                                Stream.of(eu, us)
                                        .flatMap(one -> one.services().stream())
                                        .toList(),
                                Optional.of(impatientRules()),
                                INTERVAL),
                        Files.createDirectory(directory.resolve("prometheus")))) {
            eu.awaitReady();
            us.awaitReady();
            prometheus.awaitReady();

            Await.until(
                    () -> "each has its own views: " + views(prometheus, "eu") + views(prometheus, "us"),
                    () -> views(prometheus, "eu").equals(Set.of("both", "only_eu"))
                            && views(prometheus, "us").equals(Set.of("both", "only_us")));
            for (var cluster : List.of("eu", "us")) {
                Await.until(
                        cluster + " has its own KPIs",
                        () -> prometheus
                                                .query(ofIts("viewkeeper_kpi_target", cluster))
                                                .size()
                                        == 4
                                && prometheus
                                                .query(ofIts("viewkeeper_kpi_value", cluster, "kpi=\"view-freshness\""))
                                                .size()
                                        == 1
                                && prometheus
                                                .query(ofIts("database:viewkeeper_view_age_minutes:max", cluster))
                                                .size()
                                        == 1);
            }
            Await.until(
                    "each has refreshed its views again and again",
                    () -> eu.events().size() > 20 && us.events().size() > 20);
            eventsAreOfTheirOwn(eu, us);
            groupsAreOfTheirOwn();
            noSeriesIsAmbiguous(prometheus);
            Await.until(
                    () -> "no alert: " + alerts(prometheus, "eu") + alerts(prometheus, "us"),
                    () -> alerts(prometheus, "eu").isEmpty()
                            && alerts(prometheus, "us").isEmpty());

            eu.stop(ServiceKind.REFRESHER);
            Await.until(
                    () -> "no refresher works, of one: " + alerts(prometheus, "eu"),
                    () -> alerts(prometheus, "eu").contains("ViewkeeperRefresherStopped"));
            eu.stop(ServiceKind.METRICS);
            Await.until(
                    () -> "no metrics-service, of one: " + alerts(prometheus, "eu"),
                    () -> alerts(prometheus, "eu").contains("ViewkeeperMetricsServiceAbsent"));
            // Where the machine stands still a collector may fail, of either.
            assertThat(
                            prometheus.query(
                                    "count by (alertname, cluster) (ALERTS{alertstate=\"firing\",cluster!=\"eu\",alertname!~\"ViewkeeperCollector.*\"})"))
                    .as("alerts of the other, or of none")
                    .isEmpty();
            int before = us.events().size();
            Await.until("the other goes on", () -> us.events().size() > before + 5);
            assertThat(views(prometheus, "us")).containsExactlyInAnyOrder("both", "only_us");
        }
    }

    /** The rules as they ship, which fire and end soon. */
    private Path impatientRules() throws Exception {
        var rules =
                Files.readString(Prometheus.shippedRules(Installation.root()).orElseThrow());
        assertThat(rules).contains("for: 5m");
        return Files.writeString(
                directory.resolve("rules.yaml"),
                rules.replaceAll("\\bfor: \\d+m", "for: 20s").replace("keep_firing_for: 5m", "keep_firing_for: 1s"));
    }

    private static String ofIts(String name, String cluster, String... more) {
        return Stream.concat(Stream.of("cluster=\"" + cluster + "\"", "database=\"" + DATABASE + "\""), Stream.of(more))
                .collect(Collectors.joining(",", name + "{", "}"));
    }

    private static Set<String> views(Prometheus prometheus, String cluster) {
        return prometheus.query(ofIts("viewkeeper_view_data_timestamp_seconds", cluster)).stream()
                .map(series -> series.label("view"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> alerts(Prometheus prometheus, String cluster) {
        return prometheus.query(ofIts("ALERTS", cluster, "alertstate=\"firing\"")).stream()
                .map(series -> series.label("alertname"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void eventsAreOfTheirOwn(One eu, One us) {
        for (var one : List.of(eu, us)) {
            assertThat(one.events())
                    .extracting(event -> event.header(EventHeaders.SOURCE))
                    .containsOnly("/viewkeeper/" + one.cluster + "/" + DATABASE);
        }
    }

    /** Of each three, all of which have read its own topic and no other. */
    private void groupsAreOfTheirOwn() throws Exception {
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()))) {
            for (var cluster : List.of("eu", "us")) {
                Await.until(
                        "three groups of " + cluster,
                        () -> groups(admin, cluster).size() == 3);
                for (var group : groups(admin, cluster)) {
                    Await.until(
                            () -> group + " reads " + topics(admin, group),
                            () -> topics(admin, group).equals(Set.of("two." + cluster + ".refresh.v1")));
                }
            }
        }
    }

    private static List<String> groups(Admin admin, String cluster) throws Exception {
        return admin.listGroups().all().get(1, TimeUnit.MINUTES).stream()
                .map(GroupListing::groupId)
                .filter(group -> group.startsWith("two." + cluster + "-"))
                .toList();
    }

    private static Set<String> topics(Admin admin, String group) {
        try {
            Map<TopicPartition, OffsetAndMetadata> places = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(1, TimeUnit.MINUTES);
            return places.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        } catch (Exception notNow) {
            return Set.of();
        }
    }

    private static void noSeriesIsAmbiguous(Prometheus prometheus) {
        Await.until(
                "series of six services",
                () -> prometheus
                                .query("count by (instance) ({instance!=\"\",cluster!=\"\"})")
                                .size()
                        == 6);
        for (var label : List.of("cluster", "database")) {
            String ours = "{__name__=~\".+\",__name__!~\"%s\",%s".formatted(OF_NO_INSTALLATION, label);
            assertThat(prometheus.query("count(" + ours + "!=\"\"})")).hasSize(1);
            assertThat(prometheus.query("count by (__name__) (" + ours + "=\"\"})").stream()
                            .map(Sampled::labels))
                    .as("series without " + label)
                    .isEmpty();
        }
        assertThat(
                        prometheus.query(
                                "count by (instance) (count by (instance, cluster, database) ({instance!=\"\",cluster!=\"\"})) > 1"))
                .as("services that tell of two installations")
                .isEmpty();
    }

    /** An installation with its own database, prefix and cluster. */
    private final class One implements AutoCloseable {
        private final String cluster;
        private final EventWatch watch;
        private final Map<ServiceKind, RunningService> services = new EnumMap<>(ServiceKind.class);

        One(String cluster, PostgresServer server, int seconds) throws Exception {
            this.cluster = cluster;
            var database = server.createDatabase(DATABASE, MigrationOptions.core());
            createViews(database);
            var surroundings = new Surroundings(
                    Installation.root(),
                    Packaging.JVM,
                    Files.createDirectory(directory.resolve(cluster)),
                    database,
                    kafka.bootstrapServers());
            var settings = new HashMap<String, String>();
            settings.put("viewkeeper.cluster", cluster);
            settings.put("viewkeeper.topic-prefix", "two." + cluster);
            settings.put("viewkeeper.refresh.groups.g.views", "mart.*");
            settings.put("viewkeeper.refresh.groups.g.interval", seconds + "s");
            settings.put("viewkeeper.refresh.groups.g.freshness-target", "2m");
            for (var kind : ServiceKind.values()) {
                services.put(kind, RunningService.start(kind, surroundings, settings));
            }
            watch = EventWatch.start(kafka.bootstrapServers(), "two." + cluster);
        }

        private void createViews(SandboxDatabase database) throws SQLException {
            database.execute(
                    Role.OWNER, "create schema mart; grant usage, create on schema mart to viewkeeper_refresher");
            for (var view : List.of("both", "only_" + cluster)) {
                database.execute(Role.REFRESHER, """
                        create materialized view mart.%1$s as select i, clock_timestamp() as at from generate_series(1, 100) i;
                        create unique index on mart.%1$s (i);
                        """.formatted(view));
            }
        }

        void awaitReady() throws InterruptedException {
            for (var service : services.values()) {
                service.awaitReady();
            }
        }

        List<RunningService> services() {
            return List.copyOf(services.values());
        }

        List<EventWatch.Event> events() {
            return new ArrayList<>(watch.events());
        }

        /** It ends without a word of trouble. */
        void stop(ServiceKind kind) throws IOException {
            Objects.requireNonNull(services.remove(kind)).close();
            assertThat(Files.readString(directory.resolve(cluster).resolve(kind.module() + ".log")))
                    .doesNotContain("Pool closed");
        }

        @Override
        public void close() {
            watch.close();
            services.values().forEach(RunningService::close);
        }
    }
}
