// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The expressions that a node shows, and the texts that we do not know, which may be some. */
public final class NodeTexts {
    private NodeTexts() {}

    public static Stream<String> of(PlanNode node) {
        var target = node.target();
        return Stream.of(
                        conditions(node.conditions()),
                        target.output().stream(),
                        Stream.ofNullable(target.functionCall()),
                        keys(node.detail()).stream(),
                        node.other().values().stream().flatMap(NodeTexts::texts))
                .flatMap(texts -> texts);
    }

    private static Stream<String> conditions(Conditions conditions) {
        return conditions.all().filter(Objects::nonNull);
    }

    static List<String> keys(Detail detail) {
        return switch (detail) {
            case Detail.Sort sort -> sort.keys();
            case Detail.IncrementalSort sort -> sort.keys();
            case Detail.Aggregate aggregate -> aggregate.groupKeys();
            case Detail.Append append -> append.sortKeys();
            case Detail.Memoize memoize -> List.of(memoize.key());
            case Detail.None _,
                    Detail.Join _,
                    Detail.Hash _,
                    Detail.Index _,
                    Detail.BitmapHeap _,
                    Detail.Gather _,
                    Detail.Modify _,
                    Detail.SetOp _,
                    Detail.Foreign _,
                    Detail.Storage _ -> List.of();
        };
    }

    private static Stream<String> texts(JsonNode value) {
        if (value.isTextual()) {
            return Stream.of(value.textValue());
        }
        return StreamSupport.stream(value.spliterator(), false).flatMap(NodeTexts::texts);
    }
}
