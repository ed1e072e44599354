// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.optimizer.plan.PlanRedaction;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an expert would say of a plan, and in which order, with the reason; plans as the service reads them. */
class OrderTest {
    record Expected(String plan, String why, List<String> rules) {
        @Override
        public String toString() {
            return plan;
        }
    }

    private static Expected plan(String name, String why, String... rules) {
        return new Expected(name, why, List.of(rules));
    }

    /** Made by {@link OrderFixtures}. */
    static Stream<Expected> statements() {
        return Stream.of(
                plan("index before statistics", "one scan takes all, for 20 rows: an index", "seq-scan-filters-most"),
                plan("a wrong estimate harms the loop", "the loop was planned for 3 shops", "misestimate"),
                plan("a wrong estimate at the root", "nothing stands above it: it harms nobody"),
                plan("a wrong estimate below a count", "the count would be there in any case"),
                plan(
                        "a sort on disk for rows that nobody expected",
                        "memory mends the sort at once, an index costs more, and no estimate would do without the sort",
                        "sort-spill",
                        "avoidable-sort"),
                plan("a subquery for each row", "20 times the whole table", "correlated-subplan"),
                plan("a subquery for each row, not executed", "the same to be seen in the cost", "correlated-subplan"),
                plan("a table read for each row", "each turn reads all: index the column", "inner-seq-scan"),
                plan("a table read for each row, not executed", "the same to be seen in the cost", "inner-seq-scan"),
                plan(
                        "a join without a condition, not executed",
                        "nobody wants 693 million pairs",
                        "join-without-condition"),
                plan("a join without a condition", "the count above only counts the pairs", "join-without-condition"),
                plan("three rows of a table, not executed", "a table for 20 rows", "seq-scan-filters-most"),
                plan(
                        "the wrong index for the order, not executed",
                        "cheap only if the open orders are spread evenly",
                        "wrong-index-for-order"),
                plan("the wrong index for the order", "they were not", "wrong-index-for-order"),
                plan(
                        "a sort that will not fit, not executed",
                        "67 MB into 4 MB; no filter makes the rows fewer",
                        "sort-spill",
                        "avoidable-sort"),
                plan("a hash that will not fit, not executed", "37 MB into 2 MB", "hash-batches"),
                plan("a page far down, not executed", "300,000 rows to skip", "large-offset"),
                plan("first rows of many, not executed", "ten of 400,000: an index in this order", "top-n-over-many"),
                plan(
                        "without blocks",
                        "399,980 of 400,000 rows thrown away are enough to know",
                        "seq-scan-filters-most"),
                plan("without times", "so they are without times", "seq-scan-filters-most"),
                plan("alternatives", "two indexes, which are combined", "seq-scan-filters-most"),
                plan("what is inside", "an index that looks inside", "seq-scan-filters-most"),
                plan("columns of one row", "a partial index or none", "seq-scan-filters-most"),
                plan("all partitions", "said once for the table, not for each partition", "seq-scan-filters-most"),
                plan("a hash on disk", "memory, not the estimate of the join above", "hash-batches"),
                plan(
                        "not in",
                        "300 times through 400,000 rows; the kept rows are no trouble of their own",
                        "not-in-unhashed"),
                plan("nothing to mend", "all rows are wanted"),
                plan("nothing to mend by its estimates", "all rows are wanted"));
    }

    /** Of the pages under docs/findings. */
    static Stream<Expected> pages() {
        return Stream.of(
                plan(
                        "blocks-per-row",
                        "a plan that was forced explains what only describes it",
                        "odd-settings",
                        "blocks-per-row"),
                plan(
                        "cold-reads",
                        "the count wants all rows: how they are read is all there is",
                        "cold-reads",
                        "io-bound"),
                plan(
                        "heap-fetches",
                        "VACUUM mends it; the blocks follow from it, and no setting makes the fetches",
                        "heap-fetches",
                        "odd-settings"),
                plan(
                        "jit-overhead",
                        "compiling took nine tenths: switched off, all else is too fast to care",
                        "jit-overhead",
                        "misestimate"),
                plan("join-filter-waste", "the loop is dear because the pairs are thrown away", "join-filter-waste"),
                plan(
                        "loop-from-misestimate",
                        "the estimate first, then what came of it; that the loop is dear goes without saying",
                        "misestimate",
                        "loop-from-misestimate"),
                plan(
                        "memoize-thrash",
                        "the cache is the cause, the loop the symptom",
                        "memoize-thrash",
                        "costly-nested-loop"),
                plan("odd-settings", "hash joins are off: so the loop", "odd-settings", "costly-nested-loop"),
                plan(
                        "sort-spill",
                        "memory at once; an index in that order if it is sorted often",
                        "sort-spill",
                        "avoidable-sort"),
                plan("stale-statistics", "ANALYZE is what the wrong estimate needs", "stale-statistics"),
                plan("not-in-unhashed", "NOT EXISTS keeps nothing on disk", "not-in-unhashed", "temp-blocks"),
                plan(
                        "workers-missing",
                        "with an index nobody misses the workers",
                        "seq-scan-filters-most",
                        "workers-missing"),
                plan("wide-rows", "without the sort nothing is copied", "avoidable-sort", "wide-rows"),
                plan("plan-regression", "it was fast yesterday: what changed comes first", "plan-regression"));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void saysWhatAnExpertWouldSay(Expected expected) throws Exception {
        String json = Files.readString(OrderFixtures.FOLDER.resolve(OrderFixtures.file(expected.plan())));
        var plan = PlanReader.read(PlanRedaction.of(PlanReader.parse(json))).getFirst();

        assertThat(Findings.of(Context.of(plan)))
                .as(expected.why())
                .extracting(Finding::rule)
                .containsExactlyElementsOf(expected.rules());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void ordersThePlansOfThePages(Expected expected) {
        assertThat(Findings.of(Fixture.of(expected.plan()).withoutValues().context("positive")))
                .as(expected.why())
                .extracting(Finding::rule)
                .containsExactlyElementsOf(expected.rules());
    }

    /** Whatever else is wrong: the same finding never comes twice for one place. */
    @Test
    void saysNothingTwice() {
        for (String rule : Fixture.all()) {
            List<Finding> findings = Findings.of(Fixture.of(rule).context("positive"));

            assertThat(findings.stream().map(one -> one.rule() + " " + one.nodePath()))
                    .doesNotHaveDuplicates();
        }
    }
}
