// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanReaderTest {
    private static final String RESULT = "{\"Node Type\": \"Result\"}";

    @Test
    void readsEveryStoredPlanAndKnowsEveryTypeOfNodeInIt() throws MalformedPlanException {
        assertThat(Corpus.stored()).hasSizeGreaterThan(200);
        for (Corpus.Stored stored : Corpus.stored()) {
            List<Plan> plans = PlanReader.read(stored.json());
            assertThat(plans).as(stored.name()).hasSize(1);
            assertThat(plans.getFirst().nodes()).as(stored.name()).noneMatch(node -> node.type() == NodeType.OTHER);
        }
    }

    @Test
    void readsAListAnObjectAndANodeAlone() throws MalformedPlanException {
        String plan = "{\"Plan\": " + RESULT + ", \"Execution Time\": 2.5}";
        assertThat(PlanReader.read("[" + plan + ", " + plan + "]")).hasSize(2).containsOnly(only(plan));
        assertThat(only(plan).executionMillis()).isEqualTo(2.5);
        assertThat(only(RESULT).root()).isEqualTo(only(plan).root());
        assertThat(only("[" + RESULT + "]").executionMillis()).isNull();
        assertThat(only("\ufeff" + RESULT).root().type()).isEqualTo(NodeType.RESULT);
    }

    @Test
    void readsWhatPsqlPrints() throws MalformedPlanException {
        String printed = """
                           QUERY PLAN            \s
                ----------------------------------
                 [                               +
                   {                             +
                     "Plan": {                   +
                       "Node Type": "Seq Scan",  +
                       "Relation Name": "orders" +
                     }                           +
                   }                             +
                 ]
                (1 row)

                """;
        assertThat(only(printed).root().target().relation()).isEqualTo("orders");
    }

    @Test
    void readsWhatAutoExplainLogs() throws MalformedPlanException {
        Plan plan = only("{\"Query Text\": \"select 1\", \"Plan\": " + RESULT + "}");
        assertThat(plan.statementText()).isEqualTo("select 1");
    }

    @Test
    void carriesWhatItDoesNotKnow() throws MalformedPlanException {
        Plan plan = only("{\"Plan\": {\"Node Type\": \"Quantum Scan\", \"Qubits\": [5]}, \"Mood\": {\"a\": 1}}");
        assertThat(plan.root().type()).isEqualTo(NodeType.OTHER);
        assertThat(plan.root().typeName()).isEqualTo("Quantum Scan");
        assertThat(Objects.requireNonNull(plan.root().other().get("Qubits")).toString())
                .isEqualTo("[5]");
        assertThat(plan.other()).containsOnlyKeys("Mood");
    }

    @Test
    void withoutCostsAndWithoutAnalyzeThoseAreMissing() throws MalformedPlanException {
        PlanNode root = only(RESULT).root();
        assertThat(root.estimate()).isNull();
        assertThat(root.actual()).isNull();
        assertThat(root.buffers()).isNull();
    }

    @Test
    void numbersKeepTheirDigits() throws MalformedPlanException {
        Plan plan =
                only("{\"Plan\": {\"Node Type\": \"Sort\", \"Sort Method\": \"quicksort\", \"Sort Space Used\": 1e30},"
                        + "\"Query Identifier\": -9223372036854775808}");
        assertThat(plan.queryId()).isEqualTo(Long.MIN_VALUE);
        assertThat(plan.root().detail())
                .isEqualTo(new Detail.Sort(List.of(), new SortRun("quicksort", Long.MAX_VALUE, "Memory")));
    }

    @Test
    void ofAFieldThatIsThereTwiceTheLastCounts() throws MalformedPlanException {
        assertThat(only("{\"Node Type\": \"Sort\", \"Node Type\": \"Result\"}")
                        .root()
                        .type())
                .isEqualTo(NodeType.RESULT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', quoteCharacter = '`', textBlock = """
            ``                                             ¦ at the top: the text is empty
            []                                             ¦ at the top: the list of plans is empty
            5                                              ¦ at the top: an object was expected, found a whole number
            {}                                             ¦ at the top: the field "Plan" is missing: this is no output of EXPLAIN (FORMAT JSON)
            [{"Plan": null}]                               ¦ /0/Plan: an object was expected, found nothing
            {"Plan": {}}                                   ¦ /Plan: the field "Node Type" is missing
            {"Plan": {"Node Type": 5}}                     ¦ /Plan/Node Type: a text was expected, found a whole number
            {"Node Type": "x", "Plans": {}}                ¦ /Plans: a list was expected, found an object
            {"Node Type": "x", "Plans": [7.5]}             ¦ /Plans/0: an object was expected, found a number
            {"Node Type": "x", "Plan Rows": "5"}           ¦ /Plan Rows: a number was expected, found a text
            {"Node Type": "x", "Actual Loops": 1e999}      ¦ /Actual Loops: a number was expected, found a number
            {"Node Type": "x", "Output": [true]}           ¦ /Output: a list of texts was expected, found a boolean
            {"Node Type": "x", "Parallel Aware": "yes"}    ¦ /Parallel Aware: true or false was expected, found a text
            {"Node Type": "Gather", "Single Copy": []}     ¦ /Single Copy: true or false was expected, found a list
            {"Plan": {"Node Type": "x"}, "Settings": {"secret": 5}} ¦ /Settings: an object of texts was expected, found a whole number
            {"Plan": {"Node Type": "x"}, "Query Identifier": 9223372036854775808} ¦ /Query Identifier: a whole number of 64 bits was expected, found a whole number
            {"Plan": {"Node Type": "x"}, "Query Identifier": 1.5} ¦ /Query Identifier: a whole number of 64 bits was expected, found a number
            {"Node Type": "x"} {"Node Type" "y"}           ¦ line 1, column 33: this is not JSON, or ends too early
            {"Node Type": "secret                          ¦ line 1, column 22: this is not JSON, or ends too early
            """)
    void refusesWhatIsNoPlanAndSaysWhere(String text, String message) {
        assertThatThrownBy(() -> PlanReader.read(text))
                .isInstanceOf(MalformedPlanException.class)
                .hasMessage(message);
    }

    @Test
    void fiftyThousandNodesAreTheMost() throws MalformedPlanException {
        assertThat(only(nodes(50_000)).nodes()).hasSize(50_000);
        assertThatThrownBy(() -> PlanReader.read(nodes(50_001)))
                .hasMessage("/Plans/49999: the plan has more than 50000 nodes");
    }

    private static String nodes(int count) {
        return "{\"Node Type\": \"Append\", \"Plans\": [" + (RESULT + ",").repeat(count - 2) + RESULT + "]}";
    }

    @Test
    void aThousandPlansAreTheMost() throws MalformedPlanException {
        assertThat(PlanReader.read("[" + (RESULT + ",").repeat(999) + RESULT + "]"))
                .hasSize(1_000);
        assertThatThrownBy(() -> PlanReader.read("[" + (RESULT + ",").repeat(1_000) + RESULT + "]"))
                .hasMessage("at the top: there are more than 1000 plans");
    }

    @Test
    void deepPlansAreReadAndDeeperOnesRefused() throws MalformedPlanException {
        Plan plan = only(nested(499));
        assertThat(plan.nodes()).hasSize(500);
        assertThat(PlanRedaction.of(PlanReader.parse(nested(499)))).isEqualTo(PlanReader.parse(nested(499)));
        assertThat(PlanTimes.of(plan).known()).isFalse();
        assertThatThrownBy(() -> PlanReader.read(nested(100_000))).isInstanceOf(MalformedPlanException.class);
    }

    private static String nested(int depth) {
        return "{\"Node Type\": \"Limit\", \"Plans\": [".repeat(depth) + RESULT + "]}".repeat(depth);
    }

    @Test
    void hugeNumbersAreRefusedQuickly() throws InterruptedException {
        String huge = "{\"Node Type\": \"x\", \"Plan Rows\": " + "9".repeat(500_000) + "}";
        var outcome = new AtomicReference<@Nullable Throwable>();
        var reader = Thread.ofPlatform().daemon().start(() -> outcome.set(catchThrowable(() -> PlanReader.read(huge))));
        // Of the processor's time: a machine that pauses takes none.
        while (!reader.join(Duration.ofMillis(20))) {
            assertThat(ManagementFactory.getThreadMXBean().getThreadCpuTime(reader.threadId()))
                    .isLessThan(Duration.ofSeconds(5).toNanos());
        }
        assertThat(outcome.get()).isInstanceOf(MalformedPlanException.class);
    }

    private static Plan only(String text) throws MalformedPlanException {
        List<Plan> plans = PlanReader.read(text);
        assertThat(plans).hasSize(1);
        return plans.getFirst();
    }
}
