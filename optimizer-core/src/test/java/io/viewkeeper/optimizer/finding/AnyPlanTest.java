// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.Buffers;
import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Removals;
import io.viewkeeper.optimizer.plan.SortRun;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the plan, rules say something sensible or nothing. */
class AnyPlanTest {
    private static final int PLANS_PER_SEED = 50;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void noRuleFailsAndNonePromisesMoreThanTheWhole(long seed) {
        var random = new Random(seed);
        int found = 0;
        for (int i = 0; i < PLANS_PER_SEED; i++) {
            var tree = new Tree(random);
            var root = tree.node(4);
            var context = Plans.plan(root.millis(), root.node())
                    .table("t", random.nextInt(100_000_000), random.nextInt(1_000_000))
                    .context();

            for (var rule : Rules.ALL) {
                for (var finding : rule.check(context)) {
                    found++;
                    assertThat(finding.rule()).isEqualTo(rule.id());
                    double impact = finding.impactMillis() == null ? 0 : finding.impactMillis();
                    assertThat(impact).isBetween(0.0, root.millis() + 0.001);
                    assertThat(finding.what() + finding.advice()).doesNotContain("NaN", "Infinity", "null");
                }
            }
        }
        assertThat(found).isGreaterThan(PLANS_PER_SEED);
    }

    private record Grown(Plans.Node node, double millis) {}

    /** Grows nodes of any type, each taking at least as long as those below it. */
    private record Tree(Random random) {
        Grown node(int depth) {
            var children = random.ints(depth == 0 ? 0 : random.nextInt(3), 0, 1)
                    .mapToObj(any -> node(depth - 1))
                    .toList();
            double millis = children.stream().mapToDouble(Grown::millis).sum() + random.nextInt(50);
            var type = List.of(NodeType.values()).get(random.nextInt(NodeType.values().length));
            var node = Plans.node(type, children.stream().map(Grown::node).toArray(Plans.Node[]::new))
                    .relation("public", "t", "t")
                    .estimated(rows(), random.nextInt(2_000))
                    .filter("((t.a = 'x'::text) AND (t.b > 3))", 0)
                    .removals(new Removals(rows(), rows(), rows()))
                    .detail(detail(type))
                    .buffers(buffers());
            return new Grown(random.nextInt(10) == 0 ? node.neverExecuted() : node.actual(rows(), millis), millis);
        }

        private double rows() {
            return random.nextBoolean() ? 0 : Math.floor(Math.pow(10, random.nextDouble(7)));
        }

        private Buffers buffers() {
            var shared = new Buffers.Blocks(
                    random.nextInt(5_000), random.nextInt(5_000), random.nextInt(2_000), random.nextInt(2_000));
            var none = new Buffers.Blocks(0, 0, 0, 0);
            return new Buffers(shared, none, random.nextInt(500), random.nextInt(500), 9.0, null, 1.0, null);
        }

        private Detail detail(NodeType type) {
            var groups = new Detail.SortGroups(2, List.of("external merge"), 26L, 500L);
            return switch (type) {
                case SORT ->
                    new Detail.Sort(
                            List.of("t.a", "t.b DESC"),
                            new SortRun(random.nextBoolean() ? "top-N heapsort" : "external merge", 900, "Disk"));
                case INCREMENTAL_SORT -> new Detail.IncrementalSort(List.of("t.a"), List.of(), groups, null);
                case HASH -> new Detail.Hash(1L, 1L, 1L + random.nextInt(4), 1L, 400L);
                case AGGREGATE -> new Detail.Aggregate("Hashed", "Simple", List.of("t.a"), 0, 5L, 400L, 900L);
                case INDEX_ONLY_SCAN -> new Detail.Index(5_000L, 1L);
                case BITMAP_HEAP_SCAN -> new Detail.BitmapHeap(10L, 20L);
                default -> new Detail.None();
            };
        }
    }
}
