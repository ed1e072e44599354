package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.optimizer.sql.Redaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plans without the statement's values, as they may be stored, logged and shown. Names, numbers and settings stay; of every
 * other text the literals go, also where we do not know what it is.
 */
public final class PlanRedaction {
    private PlanRedaction() {}

    public static Plan redact(Plan plan) {
        return new Plan(
                redact(plan.root()),
                plan.planningMillis(),
                plan.executionMillis(),
                plan.planningBuffers(),
                plan.jit(),
                plan.triggers(),
                plan.settings(),
                plan.queryId(),
                text(plan.statementText()),
                other(plan.other()));
    }

    /**
     * The same of EXPLAIN's own output.
     *
     * @throws MalformedPlanException if it is not JSON
     */
    public static String redactJson(String json) throws MalformedPlanException {
        return redactJson(PlanReader.parse(json)).toString();
    }

    /** A copy: what is given stays as it is. */
    public static JsonNode redactJson(JsonNode json) {
        return JsonRedaction.output(json);
    }

    private static PlanNode redact(PlanNode node) {
        return new PlanNode(
                node.path(),
                node.type(),
                node.typeName(),
                node.placement(),
                node.estimate(),
                node.actual(),
                node.buffers(),
                target(node.target()),
                conditions(node.conditions()),
                node.removals(),
                detail(node.detail()),
                node.workers().stream().map(PlanRedaction::worker).toList(),
                node.children().stream().map(PlanRedaction::redact).toList(),
                other(node.other()));
    }

    private static Worker worker(Worker worker) {
        return new Worker(worker.number(), worker.actual(), worker.buffers(), worker.sort(), other(worker.other()));
    }

    private static Target target(Target target) {
        return new Target(
                target.schema(),
                target.relation(),
                target.alias(),
                target.index(),
                target.scanDirection(),
                target.cte(),
                target.function(),
                text(target.functionCall()),
                texts(target.output()));
    }

    private static Conditions conditions(Conditions conditions) {
        return new Conditions(
                text(conditions.filter()),
                text(conditions.indexCond()),
                text(conditions.recheckCond()),
                text(conditions.tidCond()),
                text(conditions.hashCond()),
                text(conditions.mergeCond()),
                text(conditions.joinFilter()),
                text(conditions.oneTimeFilter()),
                text(conditions.orderBy()),
                text(conditions.runCondition()));
    }

    private static Detail detail(Detail detail) {
        return switch (detail) {
            case Detail.Sort sort -> new Detail.Sort(texts(sort.keys()), sort.run());
            case Detail.IncrementalSort sort ->
                new Detail.IncrementalSort(
                        texts(sort.keys()), texts(sort.presortedKeys()), sort.fullSort(), sort.presorted());
            case Detail.Aggregate aggregate ->
                new Detail.Aggregate(
                        aggregate.strategy(),
                        aggregate.partialMode(),
                        texts(aggregate.groupKeys()),
                        aggregate.plannedPartitions(),
                        aggregate.batches(),
                        aggregate.peakMemoryKb(),
                        aggregate.diskUsageKb());
            case Detail.Append append -> new Detail.Append(append.subplansRemoved(), texts(append.sortKeys()));
            case Detail.Memoize memoize ->
                new Detail.Memoize(
                        Redaction.of(memoize.key()),
                        memoize.mode(),
                        memoize.hits(),
                        memoize.misses(),
                        memoize.evictions(),
                        memoize.overflows(),
                        memoize.peakMemoryKb());
            case Detail.Foreign foreign ->
                new Detail.Foreign(foreign.operation(), text(foreign.relations()), text(foreign.remoteSql()));
            case Detail.Storage storage ->
                new Detail.Storage(storage.storage(), storage.maximumKb(), text(storage.window()));
            case Detail.None _,
                    Detail.Join _,
                    Detail.Hash _,
                    Detail.Index _,
                    Detail.BitmapHeap _,
                    Detail.Gather _,
                    Detail.Modify _,
                    Detail.SetOp _ -> detail;
        };
    }

    private static @Nullable String text(@Nullable String text) {
        return text == null ? null : Redaction.of(text);
    }

    private static List<String> texts(List<String> texts) {
        return texts.stream().map(Redaction::of).toList();
    }

    private static Map<String, JsonNode> other(Map<String, JsonNode> fields) {
        var safe = new LinkedHashMap<String, JsonNode>();
        fields.forEach((name, value) -> {
            if (!JsonRedaction.isDropped(name)) {
                safe.put(name, JsonRedaction.field(name, value));
            }
        });
        return safe;
    }
}
