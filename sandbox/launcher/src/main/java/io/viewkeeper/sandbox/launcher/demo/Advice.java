// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.viewkeeper.sandbox.launcher.process.Http;
import io.viewkeeper.sandbox.launcher.process.RunningService;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the optimizer says of the slow statements of the demo. */
record Advice(RunningService optimizer) {
    /** A hundredth of a second and some: a demo has little data and less time. */
    static final Map<String, String> SETTINGS =
            Map.of("viewkeeper.optimizer.slow.mean-time", "PT0.02S", "viewkeeper.optimizer.slow.calls", "5");

    private static final int LINES = 60;

    /** What is worth telling: the costliest finding of a statement that was executed. */
    private Optional<JsonNode> first() {
        return Http.json(URI.create(optimizer.url() + "/findings?limit=100")).flatMap(answer -> {
            for (JsonNode finding : answer.path("findings")) {
                if (finding.path("impactMillis").isNumber()) {
                    return Optional.of(finding);
                }
            }
            return Optional.empty();
        });
    }

    /** With few claims nothing may be wrong with a statement that was executed: where its time goes is worth telling, too. */
    private Optional<String> analysisId() {
        return first().map(finding -> finding.path("analysisId").asText()).or(this::executed);
    }

    private Optional<String> executed() {
        return Http.json(URI.create(optimizer.url() + "/statements?limit=100")).flatMap(answer -> {
            for (JsonNode statement : answer.path("statements")) {
                var analysis = statement.path("analysis");
                if (analysis.path("outcome").asText().equals("executed")) {
                    return Optional.of(analysis.path("analysisId").asText());
                }
            }
            return Optional.empty();
        });
    }

    boolean isThere() {
        return analysisId().isPresent();
    }

    /** One line for people. */
    String describe() {
        return first().map(finding -> "%s: %s"
                        .formatted(
                                finding.path("rule").asText(),
                                finding.path("what").asText()))
                .orElse("nothing found yet");
    }

    /** The analysis as a terminal shows it, its first lines. */
    List<String> page() {
        return analysisId()
                .map(id -> Http.page(URI.create(optimizer.url() + "/analyses/" + id))
                        .lines()
                        .limit(LINES)
                        .toList())
                .orElseGet(List::of);
    }
}
