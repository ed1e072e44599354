// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.optimizer.plan.PlanTimes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where most of an execution's time went if no finding is about that: nothing to mend is not nothing to know. */
public final class MostTime {
    /** Below, nobody asks. */
    static final double LEAST_MILLIS = 30;

    private static final double MOST = 0.5;
    /** Partitions may be hundreds. */
    private static final int SHOWN = 3;

    private MostTime() {}

    /** A sentence; nothing where the execution was short, there was none, or findings take half of it. */
    public static Optional<String> unexplained(Plan plan, List<Finding> findings) {
        if (!PlanTimes.of(plan).complete()) {
            return Optional.of(
                    "The plan has too many subplans to find out which step needed each: the time of each is counted at the step that it stands under.");
        }
        Double total = plan.totalMillis();
        boolean explained = findings.stream()
                        .map(Finding::impactMillis)
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .sum()
                >= MOST * (total == null ? 0 : total);
        if (total == null || total < LEAST_MILLIS || explained) {
            return Optional.empty();
        }
        var times = PlanTimes.of(plan);
        if (times.known()) {
            return Optional.of(where(plan, times));
        }
        return findings.isEmpty()
                ? Optional.of(
                        "Where %s ms went is not known: the steps were not timed.".formatted(Wording.count(total)))
                : Optional.empty();
    }

    private static String where(Plan plan, PlanTimes times) {
        double most = MOST * times.totalMillis();
        var steps = new ArrayList<PlanNode>();
        double millis = 0;
        for (PlanNode node : plan.nodes().stream()
                .sorted(Comparator.comparingDouble(times::exclusiveMillis).reversed())
                .toList()) {
            if (millis <= most) {
                millis += times.exclusiveMillis(node);
                steps.add(node);
            }
        }
        return millis > most
                ? "Most of the time, %s of %s ms, went into %s%s."
                        .formatted(
                                Wording.count(millis),
                                Wording.count(times.totalMillis()),
                                steps.stream()
                                        .limit(SHOWN)
                                        .map(node -> step(node, times))
                                        .collect(Collectors.joining(", ")),
                                steps.size() > SHOWN ? ", and %d more".formatted(steps.size() - SHOWN) : "")
                : "Most of the time, %s of %s ms, is in no step: triggers, or how an execution begins and ends."
                        .formatted(Wording.count(times.totalMillis() - millis), Wording.count(times.totalMillis()));
    }

    private static String step(PlanNode node, PlanTimes times) {
        return "%s%s at node %s (%s, %s rows)"
                .formatted(
                        node.typeName(),
                        node.target().relation() == null ? "" : " on " + Wording.relation(node),
                        node.path(),
                        Wording.percent(times.share(node)),
                        Wording.count(node.actualRows()));
    }
}
