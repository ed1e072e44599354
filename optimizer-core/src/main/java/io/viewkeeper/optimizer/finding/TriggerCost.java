// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.TriggerTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * Triggers, foreign keys among them, that take much of a statement. Before:
 *
 * <pre>
 * Delete on customers (actual rows=0 loops=1)
 * Trigger for constraint orders_customer_id_fkey: time=1900.1 calls=300
 * </pre>
 *
 * After {@code create index on orders (customer_id)}:
 *
 * <pre>
 * Trigger for constraint orders_customer_id_fkey: time=6.5 calls=300
 * </pre>
 */
final class TriggerCost implements Rule {
    static final double LEAST_MILLIS = 10;

    /** How the server names the triggers of a foreign key: "a" on the table it points to, "c" on the one that has it. */
    private static final String REFERENCED = "RI_ConstraintTrigger_a";

    private static final String REFERENCING = "RI_ConstraintTrigger_c";

    @Override
    public String id() {
        return "trigger-time";
    }

    @Override
    public List<Finding> check(Context context) {
        return context.plan().triggers().stream()
                .flatMap(trigger -> Stream.ofNullable(trigger.millis())
                        .filter(millis -> millis >= LEAST_MILLIS)
                        .map(millis -> finding(context, trigger, millis)))
                .toList();
    }

    private Finding finding(Context context, TriggerTime trigger, double millis) {
        var impact = Impact.measured(context, millis);
        String constraint = trigger.constraint();
        String name = constraint == null ? "trigger " + trigger.name() : "constraint " + constraint;
        return new Finding(
                id(),
                impact.severity(),
                null,
                "The %s took %s ms in %s calls.".formatted(name, Wording.count(millis), Wording.count(trigger.calls())),
                advice(trigger, name),
                impact.millis(),
                Evidence.of(context, impact)
                        .name("trigger", constraint == null ? trigger.name() : null)
                        .name("constraint", constraint)
                        .name("relation", trigger.relation())
                        .count("calls", trigger.calls())
                        .number("millis", millis)
                        .number("millisEach", millis / Math.max(1, trigger.calls()))
                        .map());
    }

    private static String advice(TriggerTime trigger, String name) {
        if (trigger.name().startsWith(REFERENCED)) {
            return "Each row that goes is looked for in the table that has the foreign key: index its referencing columns (those of %s)."
                    .formatted(name);
        }
        if (trigger.name().startsWith(REFERENCING)) {
            return "Each row that comes is looked for in the table that %s points to: write only rows whose key changes, in few large statements."
                    .formatted(name);
        }
        return "Make its function cheaper, restrict it by WHEN, or turn it into a statement trigger with a transition table.";
    }
}
