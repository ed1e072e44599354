// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.Actual;
import io.viewkeeper.optimizer.plan.Buffers;
import io.viewkeeper.optimizer.plan.Conditions;
import io.viewkeeper.optimizer.plan.Detail;
import io.viewkeeper.optimizer.plan.Estimate;
import io.viewkeeper.optimizer.plan.Jit;
import io.viewkeeper.optimizer.plan.NodeType;
import io.viewkeeper.optimizer.plan.Placement;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanNode;
import io.viewkeeper.optimizer.plan.PlanTimes;
import io.viewkeeper.optimizer.plan.Removals;
import io.viewkeeper.optimizer.plan.Target;
import io.viewkeeper.optimizer.plan.TriggerTime;
import io.viewkeeper.optimizer.plan.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans made by hand, for thresholds and arithmetic that no real plan hits exactly. */
final class Plans {
    private Plans() {}

    static Node node(NodeType type, Node... children) {
        return new Node(type, List.of(children));
    }

    /** A scan of public.relation, its alias the relation's name. */
    static Node scan(NodeType type, String relation) {
        return node(type).relation("public", relation, relation);
    }

    /** Of a plan that took this long. */
    static Whole plan(double executionMillis, Node root) {
        return new Whole(executionMillis, root);
    }

    /** A whole plan and what is known around it. */
    static final class Whole {
        private final @Nullable Double executionMillis;
        private final Node root;
        private final Map<String, TableFacts> tables = new HashMap<>();
        private final Map<String, String> settings = new HashMap<>();
        private final List<TriggerTime> triggers = new ArrayList<>();
        private ServerFacts server = ServerFacts.usual();
        private @Nullable Double planningMillis;
        private @Nullable Jit jit;
        private @Nullable PlanHistory history;

        private Whole(double executionMillis, Node root) {
            this.executionMillis = executionMillis;
            this.root = root;
        }

        /** Of public.name. */
        Whole table(String name, TableFacts facts) {
            tables.put("public." + name, facts);
            return this;
        }

        Whole table(String name, long sizeBytes, double rows) {
            return table(name, new TableFacts(sizeBytes, rows, 1, 0, null, null, false, List.of()));
        }

        Whole server(ServerFacts facts) {
            this.server = facts;
            return this;
        }

        Whole setting(String name, String value) {
            settings.put(name, value);
            return this;
        }

        Whole trigger(TriggerTime trigger) {
            triggers.add(trigger);
            return this;
        }

        Whole planningMillis(double millis) {
            this.planningMillis = millis;
            return this;
        }

        Whole jit(Jit figures) {
            this.jit = figures;
            return this;
        }

        Whole history(PlanHistory earlier) {
            this.history = earlier;
            return this;
        }

        Plan plan() {
            return new Plan(
                    root.build("0", null),
                    planningMillis,
                    executionMillis,
                    null,
                    jit,
                    triggers,
                    settings,
                    null,
                    null,
                    Map.of());
        }

        Context context() {
            var plan = plan();
            return new Context(plan, PlanTimes.of(plan), tables, server, history);
        }

        List<Finding> findings(Rule rule) {
            return rule.check(context());
        }
    }

    /** One node; what is not said is absent. The first child is Outer, the second Inner, the rest Member. */
    static final class Node {
        private final NodeType type;
        private final List<Node> children;
        private final Map<String, String> conditions = new HashMap<>();
        private final List<Worker> workers = new ArrayList<>();
        private Target target = new Target(null, null, null, null, null, null, null, null, List.of());
        private @Nullable Estimate estimate;
        private @Nullable Actual actual;
        private @Nullable Buffers buffers;
        private Removals removals = new Removals(0, 0, 0);
        private Detail detail = new Detail.None();
        private @Nullable String relationship;
        private @Nullable String subplanName;
        private boolean parallelAware;
        private boolean disabled;

        private Node(NodeType type, List<Node> children) {
            this.type = type;
            this.children = children;
        }

        @Nullable
        Estimate estimate() {
            return estimate;
        }

        /** Of one loop. */
        double rows() {
            return actual == null ? 0 : actual.rows();
        }

        /** Of one loop, children included. */
        double millis() {
            Double millis = actual == null ? null : actual.totalMillis();
            return millis == null ? 0 : millis;
        }

        Node relation(@Nullable String schema, String relation, String alias) {
            return target(new Target(
                    schema,
                    relation,
                    alias,
                    target.index(),
                    target.scanDirection(),
                    null,
                    null,
                    null,
                    target.output()));
        }

        Node index(String name) {
            return target(new Target(
                    target.schema(),
                    target.relation(),
                    target.alias(),
                    name,
                    "Forward",
                    null,
                    null,
                    null,
                    target.output()));
        }

        Node output(String... expressions) {
            return target(new Target(
                    target.schema(),
                    target.relation(),
                    target.alias(),
                    target.index(),
                    target.scanDirection(),
                    target.cte(),
                    target.function(),
                    target.functionCall(),
                    List.of(expressions)));
        }

        Node target(Target whole) {
            this.target = whole;
            return this;
        }

        /** Rows of one loop. */
        Node estimated(double rows) {
            return estimated(rows, 8);
        }

        Node estimated(double rows, int widthBytes) {
            this.estimate = new Estimate(0, rows, rows, widthBytes);
            return this;
        }

        Node estimate(Estimate whole) {
            this.estimate = whole;
            return this;
        }

        /** One loop of so many rows and milliseconds, children included. */
        Node actual(double rows, double millis) {
            return actual(rows, millis, 1);
        }

        /** Rows and milliseconds of one loop. */
        Node actual(double rows, double millis, double loops) {
            this.actual = new Actual(0.0, millis, rows, loops);
            return this;
        }

        Node untimed(double rows, double loops) {
            this.actual = new Actual(null, null, rows, loops);
            return this;
        }

        Node neverExecuted() {
            return actual(0, 0, 0);
        }

        /** Key as the component of Conditions is called: filter, indexCond, recheckCond, hashCond, joinFilter … */
        Node condition(String key, String expression) {
            conditions.put(key, expression);
            return this;
        }

        Node filter(String expression, double removedPerLoop) {
            this.removals = new Removals(removedPerLoop, removals.byIndexRecheck(), removals.byJoinFilter());
            return condition("filter", expression);
        }

        Node removals(Removals perLoop) {
            this.removals = perLoop;
            return this;
        }

        Node detail(Detail figures) {
            this.detail = figures;
            return this;
        }

        Node buffers(Buffers figures) {
            this.buffers = figures;
            return this;
        }

        Node blocks(long hit, long read) {
            return buffers(blocksOf(hit, read, 0, 0));
        }

        Node tempBlocks(long read, long written) {
            return buffers(blocksOf(0, 0, read, written));
        }

        Node worker(Worker figures) {
            workers.add(figures);
            return this;
        }

        Node relationship(String name) {
            this.relationship = name;
            return this;
        }

        Node subplan(String parentRelationship, String name) {
            this.relationship = parentRelationship;
            this.subplanName = name;
            return this;
        }

        Node parallelAware() {
            this.parallelAware = true;
            return this;
        }

        Node disabled() {
            this.disabled = true;
            return this;
        }

        private static Buffers blocksOf(long hit, long read, long tempRead, long tempWritten) {
            return new Buffers(
                    new Buffers.Blocks(hit, read, 0, 0),
                    new Buffers.Blocks(0, 0, 0, 0),
                    tempRead,
                    tempWritten,
                    null,
                    null,
                    null,
                    null);
        }

        private PlanNode build(String path, @Nullable String usualRelationship) {
            var built = new ArrayList<PlanNode>();
            for (int i = 0; i < children.size(); i++) {
                String usual = i == 0 ? "Outer" : i == 1 ? "Inner" : "Member";
                built.add(children.get(i).build(path + "." + i, usual));
            }
            return new PlanNode(
                    path,
                    type,
                    type.serverName(),
                    new Placement(
                            relationship == null ? usualRelationship : relationship,
                            subplanName,
                            parallelAware,
                            false,
                            disabled),
                    estimate,
                    actual,
                    buffers,
                    target,
                    conditions(),
                    removals,
                    detail,
                    workers,
                    built,
                    Map.of());
        }

        private Conditions conditions() {
            return new Conditions(
                    conditions.get("filter"),
                    conditions.get("indexCond"),
                    conditions.get("recheckCond"),
                    conditions.get("tidCond"),
                    conditions.get("hashCond"),
                    conditions.get("mergeCond"),
                    conditions.get("joinFilter"),
                    conditions.get("oneTimeFilter"),
                    conditions.get("orderBy"),
                    conditions.get("runCondition"));
        }
    }
}
