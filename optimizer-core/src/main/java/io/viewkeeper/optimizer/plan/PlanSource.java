// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Plans as JSON, whatever their format and whatever a client, a log or a page has put around them. Texts in JSON, and plans in a
 * log, are read in the same way again. Each way takes time in proportion to the text.
 */
final class PlanSource {
    /** A level of a plan is two of JSON. */
    private static final int DEEPEST = 1_000;
    /** Frames in frames: a plan in a log's line, in JSON, in a fence. */
    private static final int MOST_FRAMES = 4;

    /** More than a plan of fifty thousand nodes has. */
    private static final int MOST_LINES = 400_000;

    private static final Pattern TEXT_NODE = Pattern.compile(
            "(?m)^[^A-Za-z\\n{}<\\[]{0,40}[A-Z][^:\\n{}(]{0,400} \\((?:cost=\\d|actual (?:time|rows)=|never executed\\))");
    private static final Pattern OTHER_FORMAT =
            Pattern.compile("Node[ -]Type|<explain|<Query|duration: [\\d.]{1,30} ms +plan:");

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Consumer<PlanRepair> repairs;

    /** @param repairs told of each that a text needed */
    PlanSource(Consumer<PlanRepair> repairs) {
        this.repairs = repairs;
    }

    /**
     * A plan, a list of plans, or JSON that holds none.
     *
     * @throws MalformedPlanException says where a text stops being a plan, or that there is none in it
     */
    JsonNode read(String text) throws MalformedPlanException {
        if (text.isBlank()) {
            throw new MalformedPlanException("", "the text is empty");
        }
        JsonNode whole = json(text.contains("Node\u00a0Type") ? Characters.plain(text) : text);
        if (whole != null) {
            JsonNode inside = inside(whole, 0);
            return inside == null ? whole : inside;
        }
        JsonNode found = unframed(text, 0);
        if (found == null) {
            throw looksLikeJson(text)
                    ? malformed(text)
                    : new MalformedPlanException("", "the text holds no plan, neither TEXT nor JSON, YAML or XML");
        }
        return found;
    }

    private static boolean looksLikeJson(String text) {
        String start = text.stripLeading();
        return start.startsWith("[") || start.startsWith("{") || start.startsWith("\ufeff");
    }

    /** The value of a text that is JSON from beginning to end; null else. */
    static @Nullable JsonNode json(String text) {
        try {
            JsonNode json = JSON.readTree(text.startsWith("\ufeff") ? text.substring(1) : text);
            return json == null || json.isMissingNode() ? null : json;
        } catch (JsonProcessingException none) {
            return null;
        }
    }

    /** Why a text is no JSON. */
    static MalformedPlanException malformed(String text) {
        try {
            JSON.readTree(text);
            return new MalformedPlanException("", "this is not JSON");
        } catch (JsonProcessingException malformed) {
            return new MalformedPlanException(place(malformed.getLocation()), "this is not JSON, or ends too early");
        }
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private @Nullable JsonNode found(String text, int frames) throws MalformedPlanException {
        if (frames > MOST_FRAMES) {
            throw new MalformedPlanException(
                    "", "a plan stands in more than " + MOST_FRAMES + " frames, one in the other");
        }
        JsonNode whole = json(text);
        return whole == null ? unframed(text, frames) : inside(whole, frames);
    }

    private @Nullable JsonNode unframed(String text, int frames) throws MalformedPlanException {
        String plain = Characters.plain(text);
        if (plain.lines().limit(MOST_LINES + 1L).count() > MOST_LINES) {
            throw new MalformedPlanException("", "the text has more than " + MOST_LINES + " lines");
        }
        boolean asText = beginsAsText(plain);
        List<String> logged = asText ? List.of() : LoggedPlans.of(plain);
        if (!logged.isEmpty()) {
            return all(logged, frames + 1);
        }
        String content = Frames.removed(plain);
        if (!content.equals(plain.lines().collect(Collectors.joining("\n")).stripTrailing())) {
            repairs.accept(PlanRepair.FRAME);
        }
        if (asText) {
            return orNull(TextPlanReader.read(content, repairs));
        }
        var values = EmbeddedJson.of(content);
        if (!values.isEmpty()) {
            var plans = JsonNodeFactory.instance.arrayNode();
            for (JsonNode value : values) {
                add(plans, inside(value, frames));
            }
            if (!plans.isEmpty()) {
                return plans;
            }
        }
        return orNull(notJson(content));
    }

    private static @Nullable JsonNode orNull(ArrayNode plans) {
        return plans.isEmpty() ? null : plans;
    }

    /** What looks like another format behind a plan in TEXT stands in one of its values. */
    private static boolean beginsAsText(String text) {
        Matcher node = TEXT_NODE.matcher(text);
        if (!node.find()) {
            return false;
        }
        Matcher other = OTHER_FORMAT.matcher(text);
        return !other.find() || node.start() < other.start();
    }

    private ArrayNode notJson(String content) throws MalformedPlanException {
        if (XmlPlanReader.accepts(content)) {
            return XmlPlanReader.read(content);
        }
        return YamlPlanReader.accepts(content) ? YamlPlanReader.read(content) : TextPlanReader.read(content, repairs);
    }

    private @Nullable JsonNode all(List<String> texts, int frames) throws MalformedPlanException {
        var plans = JsonNodeFactory.instance.arrayNode();
        for (String text : texts) {
            add(plans, found(text, frames));
        }
        return plans.isEmpty() ? null : plans;
    }

    /** The plans that a JSON value holds at any depth; null if there are none. */
    private @Nullable JsonNode inside(JsonNode json, int frames) throws MalformedPlanException {
        if (isPlan(json)) {
            return json;
        }
        if (json.isTextual()) {
            return mayHold(json.textValue()) ? found(json.textValue(), frames + 1) : null;
        }
        if (json.isArray()) {
            for (JsonNode item : json) {
                if (isPlan(item)) {
                    return json;
                }
            }
            String rows = Rows.joined(json);
            if (!rows.isEmpty()) {
                return mayHold(rows) ? found(rows, frames + 1) : null;
            }
        }
        var plans = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : json) {
            add(plans, inside(item, frames));
        }
        return plans.isEmpty() ? null : plans;
    }

    private static void add(ArrayNode plans, @Nullable JsonNode found) {
        if (found instanceof ArrayNode list) {
            plans.addAll(list);
        } else if (found != null) {
            plans.add(found);
        }
    }

    private static boolean isPlan(JsonNode json) {
        return json.isObject() && (json.path("Plan").isObject() || json.has("Node Type"));
    }

    /** Whether it is worth while to look for a plan in a text. */
    private static boolean mayHold(String text) {
        return TextHead.figures(text) < text.length()
                || text.contains("Node Type")
                || text.contains("<Node-Type>")
                || !TextLines.of(text).found().isEmpty();
    }
}
