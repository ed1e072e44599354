// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How a statement is executed, without what differs from one execution to the next: the types of its nodes, what they work on,
 * and the columns of their conditions and keys. Costs, rows, times, values, parameters and workers are no part of it.
 */
public final class PlanShape {
    private static final int HASH_BYTES = 16;
    private static final String FIELD = "\u001f";

    private PlanShape() {}

    /**
     * The first difference between two plans of a statement.
     *
     * @param path of the node in the later plan
     * @param what a short sentence without its full stop
     */
    public record Change(String path, String what) {}

    /** Equal for plans of equal shape: 32 hexadecimal digits. */
    public static String hash(Plan plan) {
        var text = new StringBuilder();
        write(plan.root(), text);
        byte[] digest = sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(digest, HASH_BYTES));
    }

    /** Where {@code after} first differs from {@code before}, parents before their children; empty if their shape is the same. */
    public static Optional<Change> changedNode(Plan before, Plan after) {
        return changed(before.root(), after.root());
    }

    private static Optional<Change> changed(PlanNode before, PlanNode after) {
        if (!own(before).equals(own(after))) {
            return Optional.of(new Change(after.path(), sentence(NodeLabel.of(before), NodeLabel.of(after))));
        }
        int common = Math.min(before.children().size(), after.children().size());
        for (int i = 0; i < common; i++) {
            var change = changed(before.children().get(i), after.children().get(i));
            if (change.isPresent()) {
                return change;
            }
        }
        if (after.children().size() > common) {
            PlanNode added = after.children().get(common);
            return Optional.of(new Change(added.path(), NodeLabel.of(added) + " is new"));
        }
        if (before.children().size() > common) {
            PlanNode gone = before.children().get(common);
            return Optional.of(new Change(after.path(), NodeLabel.of(gone) + " is gone"));
        }
        return Optional.empty();
    }

    private static String sentence(String before, String after) {
        return before.equals(after) ? after + " has other conditions or keys" : after + " instead of " + before;
    }

    private static void write(PlanNode node, StringBuilder text) {
        text.append('(').append(own(node));
        node.children().forEach(child -> write(child, text));
        text.append(')');
    }

    private static String own(PlanNode node) {
        var placement = node.placement();
        String cte = SubplanNames.cte(node);
        return String.join(
                FIELD,
                NodeLabel.of(node),
                Objects.requireNonNullElse(placement.parentRelationship(), ""),
                Objects.requireNonNullElse(cte, ""),
                conditions(node),
                keys(node.detail()));
    }

    private static String conditions(PlanNode node) {
        return node.conditions()
                .all()
                .map(text -> text == null ? "" : String.join(" ", new TreeSet<>(ConditionColumns.of(text))))
                .reduce("", (all, columns) -> all + FIELD + columns);
    }

    private static String keys(Detail detail) {
        List<String> columns = new ArrayList<>();
        NodeTexts.keys(detail).forEach(key -> columns.add(String.join(" ", ConditionColumns.of(key))));
        return String.join(",", columns);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
