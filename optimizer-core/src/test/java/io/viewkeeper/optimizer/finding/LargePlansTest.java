// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.optimizer.plan.PlanText;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans that nobody has and anybody can send: what they take grows with their size, and not with its square. */
class LargePlansTest {
    private static final int MANY = 3_000;

    enum Shape {
        INIT_PLANS {
            @Override
            String child(int i) {
                return node("Result", subplan("InitPlan", "InitPlan " + i + " (returns $" + i + ")"));
            }
        },
        INIT_PLANS_THAT_USE_OTHERS {
            @Override
            String child(int i) {
                return node(
                        "Seq Scan",
                        subplan("InitPlan", "InitPlan " + i + " (returns $" + i + ")") + filter("(a = $" + i / 2 + ")")
                                + ", \"Relation Name\": \"t" + i + "\"");
            }
        },
        CTES {
            @Override
            String child(int i) {
                return node("Seq Scan", subplan("InitPlan", "CTE c" + i) + ", \"Relation Name\": \"t\"") + ", "
                        + node("CTE Scan", subplan("SubPlan", "SubPlan " + i) + ", \"CTE Name\": \"c" + i + "\"");
            }
        },
        MEMBERS {
            @Override
            String child(int i) {
                return node(
                        "Index Scan",
                        ", \"Parent Relationship\": \"Member\", \"Relation Name\": \"p" + i
                                + "\", \"Index Name\": \"i\"" + ", \"Index Cond\": \"(p.a = 1)\""
                                + filter("(p.b = p.c)"));
            }
        };

        abstract String child(int i);

        String plan() {
            String uses =
                    IntStream.range(0, MANY).mapToObj(i -> "($" + i + " > 1)").collect(Collectors.joining(" AND "));
            String children = IntStream.range(0, MANY).mapToObj(this::child).collect(Collectors.joining(", "));
            return "[{\"Plan\": " + node("Append", ", \"Filter\": \"" + uses + "\", \"Plans\": [" + children + "]")
                    + ", \"Execution Time\": 20000}]";
        }
    }

    private static String filter(String condition) {
        return ", \"Filter\": \"%s\", \"Rows Removed by Filter\": 100000".formatted(condition);
    }

    private static String subplan(String relationship, String name) {
        return ", \"Parent Relationship\": \"%s\", \"Subplan Name\": \"%s\"".formatted(relationship, name);
    }

    private static String node(String type, String more) {
        return ("{\"Node Type\": \"%s\", \"Startup Cost\": 0.1, \"Total Cost\": 100.5, \"Plan Rows\": 10, \"Plan Width\": 8, "
                        + "\"Actual Startup Time\": 0.01, \"Actual Total Time\": 5.5, \"Actual Rows\": 10, \"Actual Loops\": 1%s}")
                .formatted(type, more);
    }

    @ParameterizedTest
    @EnumSource
    void takeSeconds(Shape shape) throws InterruptedException {
        var failure = new AtomicReference<@Nullable Throwable>();
        var reader = Thread.ofPlatform().daemon().start(() -> {
            try {
                var plan = PlanReader.read(shape.plan()).getFirst();
                assertThat(plan.nodes()).hasSizeGreaterThan(MANY);
                assertThat(Findings.of(Context.of(plan))).isNotNull();
                assertThat(PlanText.of(plan)).isNotEmpty();
            } catch (Exception | AssertionError broken) {
                failure.set(broken);
            }
        });
        // Of the processor's time, compiling included: a machine that pauses takes none. With the square it is minutes.
        while (!reader.join(Duration.ofMillis(20))) {
            assertThat(ManagementFactory.getThreadMXBean().getThreadCpuTime(reader.threadId()))
                    .isLessThan(Duration.ofSeconds(20).toNanos());
        }
        assertThat(failure.get()).isNull();
    }
}
