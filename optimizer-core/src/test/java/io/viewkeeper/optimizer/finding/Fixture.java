// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.optimizer.plan.Plan;
import io.viewkeeper.optimizer.plan.PlanReader;
import io.viewkeeper.optimizer.plan.PlanRedaction;
import io.viewkeeper.optimizer.plan.PlanTimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one rule: real plans of a problem ("positive") and of the same thing mended ("negative"). What is known around
 * them may stand in facts.json, for both or under "positive" and "negative":
 *
 * <pre>
 * {"positive": {"tables": {"public.orders": {"sizeBytes": 1, "rows": 2, …}}, "server": {…},
 *               "history": {"earlierPlan": "earlier.json", "earlierCalls": 30, …}},
 *  "negative": {…}}
 * </pre>
 */
record Fixture(Path folder, boolean redacted) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Path root() {
        return Path.of(System.getProperty("viewkeeper.root", "..")).toAbsolutePath();
    }

    static Path folders() {
        return root().resolve("optimizer-core/src/test/resources/findings");
    }

    static Fixture of(String rule) {
        return new Fixture(folders().resolve(rule), false);
    }

    /** The same plans as a service keeps and reads them: without the values of their statements. */
    Fixture withoutValues() {
        return new Fixture(folder, true);
    }

    static List<String> all() {
        try (var folders = Files.list(folders())) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String rule() {
        return folder.getFileName().toString();
    }

    Path page() {
        return root().resolve("docs/findings").resolve(rule() + ".md");
    }

    boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Plan plan(String file) {
        try {
            JsonNode json = PlanReader.parse(read(file));
            return PlanReader.read(redacted ? PlanRedaction.of(json) : json).getFirst();
        } catch (MalformedPlanException e) {
            throw new IllegalStateException(folder.resolve(file) + " is no plan", e);
        }
    }

    /** @param side positive or negative */
    Context context(String side) {
        var plan = plan(side + ".json");
        var facts = facts(side);
        return new Context(
                plan, PlanTimes.of(plan), tables(facts.path("tables")), server(facts.path("server")), history(facts));
    }

    private JsonNode facts(String side) {
        if (!has("facts.json")) {
            return JSON.createObjectNode();
        }
        try {
            var facts = JSON.readTree(read("facts.json"));
            return facts.has("positive") || facts.has("negative") ? facts.path(side) : facts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, TableFacts> tables(JsonNode json) {
        var tables = new HashMap<String, TableFacts>();
        for (var entry : json.properties()) {
            tables.put(entry.getKey(), table(entry.getValue()));
        }
        return tables;
    }

    private static TableFacts table(JsonNode json) {
        return new TableFacts(
                json.path("sizeBytes").asLong(0),
                json.path("rows").asDouble(-1),
                json.path("allVisibleShare").asDouble(1),
                json.path("modifiedSinceAnalyze").asLong(0),
                json.has("analyzedAt") ? Instant.parse(json.get("analyzedAt").asText()) : null,
                json.has("sinceAnalyzeSeconds")
                        ? Duration.ofSeconds(json.get("sinceAnalyzeSeconds").asLong())
                        : null,
                json.path("materializedView").asBoolean(false),
                List.of());
    }

    private static ServerFacts server(JsonNode json) {
        var usual = ServerFacts.usual();
        return new ServerFacts(
                json.path("blockSizeBytes").asInt(usual.blockSizeBytes()),
                json.path("workMemBytes").asLong(usual.workMemBytes()),
                json.path("hashMemMultiplier").asDouble(usual.hashMemMultiplier()));
    }

    private @Nullable PlanHistory history(JsonNode facts) {
        if (!facts.has("history")) {
            return null;
        }
        var history = facts.get("history");
        return new PlanHistory(
                plan(history.path("earlierPlan").asText()),
                history.path("earlierAnalysis").asText(),
                Instant.parse(history.path("earlierSeenAt").asText("2026-11-01T00:00:00Z")),
                history.path("earlierCalls").asLong(),
                history.path("earlierMeanMillis").asDouble(),
                history.path("calls").asLong(),
                history.path("meanMillis").asDouble());
    }
}
