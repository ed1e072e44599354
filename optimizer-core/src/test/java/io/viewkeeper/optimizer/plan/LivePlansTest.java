// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.PostgresVersion;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans that servers make while the test runs. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LivePlansTest {
    private static final int MOST_ATTEMPTS = 5;

    private final Map<PostgresVersion, List<Live>> plans = new HashMap<>();

    private final Map<PostgresVersion, SandboxDatabase> databases = new HashMap<>();

    private record Live(Corpus.Entry entry, String json, Plan plan) {}

    @BeforeAll
    void explainEverything() throws SQLException, MalformedPlanException {
        for (var version : List.of(PostgresVersion.V15, PostgresVersion.V18)) {
            var database = PostgresServer.shared(version).createUnmigratedDatabase("plans_" + UUID.randomUUID());
            databases.put(version, database);
            try (var connection =
                    DriverManager.getConnection(database.jdbcUrl(Role.SUPERUSER) + "&preferQueryMode=simple")) {
                plans.put(version, explain(connection, version.major()));
            }
        }
    }

    private static List<Live> explain(Connection connection, int major) throws SQLException, MalformedPlanException {
        Corpus.setUp(connection);
        var live = new ArrayList<Live>();
        for (Corpus.Entry entry : Corpus.entries()) {
            if (entry.since() <= major) {
                String json = undisturbed(connection, entry);
                live.add(new Live(entry, json, PlanReader.read(json).getFirst()));
            }
        }
        return live;
    }

    /** No statement takes a second by itself: where one does, the machine paused, and its times tell of that. */
    private static String undisturbed(Connection connection, Corpus.Entry entry) throws SQLException {
        String json = "";
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            long began = System.nanoTime();
            json = Corpus.explain(connection, entry);
            if (System.nanoTime() - began < Duration.ofSeconds(1).toNanos()) {
                return json;
            }
        }
        return json;
    }

    private List<Live> of(PostgresVersion version) {
        return Objects.requireNonNull(plans.get(version));
    }

    private Stream<Live> measured(PostgresVersion version) {
        return of(version).stream().filter(live -> live.entry().measured());
    }

    private Plan plan(PostgresVersion version, String name) {
        return of(version).stream()
                .filter(live -> live.entry().name().equals(name))
                .findFirst()
                .orElseThrow()
                .plan();
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void exclusiveTimesAddUpToTheRootsInclusiveTime(PostgresVersion version) {
        assertThat(measured(version)).hasSizeGreaterThan(35).allSatisfy(live -> {
            var times = PlanTimes.of(live.plan());
            PlanNode root = live.plan().root();
            double sum = live.plan().nodes().stream()
                    .mapToDouble(times::exclusiveMillis)
                    .sum();
            double whole = times.inclusiveMillis(root);
            assertThat(times.known()).isTrue();
            assertThat(sum).as(live.entry().name()).isCloseTo(whole, within(whole / 100));
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void theRootsInclusiveTimeIsWhatTheServerMeasured(PostgresVersion version) {
        assertThat(measured(version).filter(live -> !live.entry().name().equals("cte nobody reads")))
                .allSatisfy(live -> {
                    Actual actual = Objects.requireNonNull(live.plan().root().actual());
                    assertThat(PlanTimes.of(live.plan())
                                    .inclusiveMillis(live.plan().root()))
                            .isEqualTo(actual.allLoopsMillis());
                });
    }

    /** The heuristics are for rounded times and unseen users: they may have to move little. Workers may run unwaited for. */
    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void inclusiveTimesAreScaledLittle(PostgresVersion version) {
        assertThat(measured(version).filter(live -> !live.json().contains("Gather")))
                .allSatisfy(live -> {
                    var times = PlanTimes.of(live.plan());
                    var measured = ElapsedTimes.of(live.plan().root());
                    double off = live.plan().nodes().stream()
                            .filter(node -> !node.path().equals("0"))
                            .mapToDouble(
                                    node -> Math.abs(times.inclusiveMillis(node) - measured.getOrDefault(node, 0.0)))
                            .max()
                            .orElse(0);
                    assertThat(off)
                            .as(live.entry().name())
                            .isLessThan(0.1 * times.totalMillis() + 0.5 + rounding(live.plan()));
                });
    }

    /** Each loop's time is told in whole microseconds. */
    private static double rounding(Plan plan) {
        return plan.nodes().stream()
                .map(PlanNode::actual)
                .filter(Objects::nonNull)
                .mapToDouble(actual -> actual.loops() * 0.0005)
                .sum();
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void sleepingIsFoundWhereItHappens(PostgresVersion version) {
        assertSleeps(version, "slow cte", "CTE c", 75);
        assertSleeps(version, "slow init plan below", "InitPlan 1", 55);
        assertSleeps(version, "slow init plan above", "InitPlan 1", 55);
        assertSleeps(version, "slow subplan", "SubPlan 1", 55);
    }

    private void assertSleeps(PostgresVersion version, String name, String subplan, double least) {
        Plan plan = plan(version, name);
        var times = PlanTimes.of(plan);
        PlanNode sleeper = plan.nodes().stream()
                .filter(node -> String.valueOf(node.placement().subplanName()).startsWith(subplan))
                .findFirst()
                .orElseThrow();
        assertThat(times.exclusiveMillis(sleeper)).as(name).isGreaterThan(least);
        double others = times.inclusiveMillis(plan.root()) - times.exclusiveMillis(sleeper);
        assertThat(others).as("others in " + name).isLessThan(least / 2);
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void whatWorkersTookTogetherIsNotElapsedTime(PostgresVersion version) {
        Plan plan = plan(version, "slow parallel filter");
        var times = PlanTimes.of(plan);
        PlanNode scan = plan.nodes().getLast();
        assertThat(scan.type()).isEqualTo(NodeType.SEQ_SCAN);
        Actual actual = Objects.requireNonNull(scan.actual());
        assertThat(actual.loops()).isGreaterThan(1);
        assertThat(times.inclusiveMillis(scan)).isCloseTo(Objects.requireNonNull(actual.totalMillis()), within(0.001));
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void noValueOfTheStatementsIsLeftOfRedactedPlans(PostgresVersion version) throws MalformedPlanException {
        for (Live live : of(version)) {
            PlanRedactionTest.assertRedacted(live.json());
        }
        assertThat(of(version))
                .filteredOn(live -> live.json().contains("marked"))
                .hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @EnumSource(names = {"V15", "V18"})
    void aStatementKeepsItsShapeWhateverItsValues(PostgresVersion version) throws SQLException, MalformedPlanException {
        Plan one =
                explain(version, "select * from shop.orders where customer_id = 5 and status = 'open' order by total");
        Plan other = explain(
                version, "select * from shop.orders where customer_id = -77 and status = 'x''y' order by total");
        assertThat(PlanShape.hash(other)).isEqualTo(PlanShape.hash(one));
        Plan scan = explain(version, "select * from shop.orders where note = 'open' order by total");
        assertThat(PlanShape.changedNode(one, scan))
                .hasValueSatisfying(change -> assertThat(change.what()).contains("Seq Scan on shop.orders instead of"));
    }

    private Plan explain(PostgresVersion version, String sql) throws SQLException, MalformedPlanException {
        var entry = new Corpus.Entry("ad hoc", "VERBOSE", List.of(), 10, sql);
        try (var connection = DriverManager.getConnection(
                Objects.requireNonNull(databases.get(version)).jdbcUrl(Role.SUPERUSER))) {
            return PlanReader.read(Corpus.explain(connection, entry)).getFirst();
        }
    }
}
