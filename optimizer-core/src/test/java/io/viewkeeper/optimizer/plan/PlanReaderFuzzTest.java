// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever becomes of a plan's text, it is read, or refused with a place; and what was read can be worked with. */
class PlanReaderFuzzTest {
    private static final int MUTANTS = 1_000;
    private static final int ALL_MUTANTS = 12_000;
    private static final Pattern REFUSAL = Pattern.compile(
            "(at the top|line \\d+, column \\d+|(/(\\d+|[A-Z][A-Za-z/~1 -]*))+): [a-z].*", Pattern.DOTALL);
    /** In every text that is changed, and in no message. */
    private static final String MARK = "§secret§";

    private static final List<String> TEXTS = List.of(
            PlanFramesTest.JOIN,
            PlanFramesTest.SCAN,
            PlanFramesTest.BARE,
            PlanFramesTest.YAML,
            PlanFramesTest.XML,
            TextPlanReaderTest.ALL);

    private final Random random = new Random(20_261_122);
    private final List<String> texts =
            Corpus.stored().stream().map(Corpus.Stored::json).toList();
    private int refused;

    @Test
    void changedBytesNeverCrashIt() {
        changeBytes(MUTANTS);
    }

    @Test
    @Tag("release")
    void manyChangesOfBytesNeverCrashIt() {
        changeBytes(ALL_MUTANTS);
    }

    private void changeBytes(int mutants) {
        for (int i = 0; i < mutants; i++) {
            String text = mark(texts.get(random.nextInt(texts.size())));
            survive(changed(text));
        }
        assertThat(refused).isBetween(mutants / 10, mutants);
    }

    @Test
    void changedTextNeverCrashesIt() {
        changeText(MUTANTS);
    }

    @Test
    @Tag("release")
    void manyChangesOfTextNeverCrashIt() {
        changeText(ALL_MUTANTS);
    }

    /** Most of it is no plan any more: a line that lacks a part is refused, so that nothing is left out. */
    private void changeText(int mutants) {
        for (int i = 0; i < mutants; i++) {
            survive(changed(TEXTS.get(random.nextInt(TEXTS.size())).replace("orders", MARK)));
        }
        assertThat(refused).isBetween(mutants / 2, mutants - 1);
    }

    @Test
    void changedJsonNeverCrashesIt() throws MalformedPlanException {
        changeJson(MUTANTS);
    }

    @Test
    @Tag("release")
    void manyChangesOfJsonNeverCrashIt() throws MalformedPlanException {
        changeJson(ALL_MUTANTS);
    }

    private void changeJson(int mutants) throws MalformedPlanException {
        for (int i = 0; i < mutants; i++) {
            JsonNode json = PlanReader.parse(mark(texts.get(random.nextInt(texts.size()))));
            int changes = 1 + random.nextInt(3);
            for (int change = 0; change < changes; change++) {
                change(json);
            }
            survive(json.toString());
        }
        assertThat(refused).isBetween(mutants / 10, mutants);
    }

    private static String mark(String text) {
        return text.replace("\"Alias\":\"", "\"Alias\":\"" + MARK);
    }

    private void survive(String text) {
        try {
            for (Plan plan : PlanReader.read(text)) {
                workWith(plan);
            }
            PlanRedaction.of(PlanReader.parse(text));
        } catch (MalformedPlanException refusal) {
            refused++;
            assertThat(refusal.getMessage()).matches(REFUSAL).doesNotContain("§");
        }
    }

    private static void workWith(Plan plan) {
        var times = PlanTimes.of(plan);
        assertThat(plan.nodes())
                .allSatisfy(node ->
                        assertThat(times.exclusiveMillis(node)).isFinite().isNotNegative());
    }

    private String changed(String text) {
        var changed = new StringBuilder(text);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && !changed.isEmpty(); i++) {
            int at = random.nextInt(changed.length());
            int end = Math.min(changed.length(), at + 1 + random.nextInt(40));
            switch (random.nextInt(5)) {
                case 0 -> changed.delete(at, end);
                case 1 -> changed.insert(at, changed.substring(at, end));
                case 2 -> changed.setCharAt(at, "{}[]\":,0e-\\\u0000\ufeff§n".charAt(random.nextInt(15)));
                case 3 -> changed.setLength(at);
                default -> changed.insert(at, texts.get(random.nextInt(texts.size())), 0, 30);
            }
        }
        return changed.toString();
    }

    private void change(JsonNode json) {
        List<JsonNode> containers = new ArrayList<>();
        collect(json, containers);
        JsonNode chosen = containers.get(random.nextInt(containers.size()));
        if (chosen instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                object.remove(name);
            } else {
                object.set(name, value(containers));
            }
        } else if (chosen instanceof ArrayNode array && !array.isEmpty()) {
            int at = random.nextInt(array.size());
            switch (random.nextInt(3)) {
                case 0 -> array.remove(at);
                case 1 -> array.add(array.get(at).deepCopy());
                default -> array.set(at, value(containers));
            }
        }
    }

    private JsonNode value(List<JsonNode> containers) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(10)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextLong());
            case 3 -> nodes.numberNode(-1);
            case 4 -> nodes.numberNode(1e308);
            case 5 -> nodes.textNode(MARK);
            case 6 -> nodes.textNode("CTE \u0000" + MARK);
            case 7 -> nodes.arrayNode();
            case 8 -> nodes.objectNode();
            default -> containers.get(random.nextInt(containers.size())).deepCopy();
        };
    }

    private static void collect(JsonNode json, List<JsonNode> containers) {
        if (json.isContainerNode()) {
            containers.add(json);
            json.forEach(child -> collect(child, containers));
        }
    }
}
