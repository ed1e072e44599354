// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is delivered for Prometheus and Grafana, as it is in the repository. */
final class Monitoring {
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final ObjectMapper JSON = new ObjectMapper();

    static final Path FOLDER = Promtool.root().resolve("deploy/k8s/monitoring");
    static final Path RULES = FOLDER.resolve("rules/viewkeeper.rules.yaml");

    private Monitoring() {}

    static JsonNode yaml(Path file) {
        return read(YAML, file);
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static List<JsonNode> rules() {
        var rules = new ArrayList<JsonNode>();
        yaml(RULES).path("groups").forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    static List<JsonNode> alerts() {
        return rules().stream().filter(rule -> rule.has("alert")).toList();
    }

    static List<JsonNode> records() {
        return rules().stream().filter(rule -> rule.has("record")).toList();
    }

    static List<Path> ruleTests() {
        return files("rules/tests", ".yaml");
    }

    static List<Path> dashboards() {
        return files("dashboards", ".json");
    }

    private static List<Path> files(String folder, String ending) {
        try (var files = Files.list(FOLDER.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static JsonNode dashboard(Path file) {
        return read(JSON, file);
    }

    /** Panels and rows. */
    static List<JsonNode> panels(Path dashboard) {
        var panels = new ArrayList<JsonNode>();
        for (var panel : dashboard(dashboard).path("panels")) {
            panels.add(panel);
            panel.path("panels").forEach(panels::add);
        }
        return panels;
    }

    /** What a dashboard asks Prometheus, its variables' questions included. */
    static List<String> expressions(Path dashboard) {
        var expressions = new ArrayList<String>();
        panels(dashboard)
                .forEach(panel -> panel.path("targets")
                        .forEach(target -> expressions.add(target.path("expr").asText())));
        for (var variable : dashboard(dashboard).path("templating").path("list")) {
            if (variable.path("type").asText().equals("query")) {
                String question = variable.path("query").path("query").asText();
                expressions.add(question.replaceAll("^label_values\\((.*), \\w+\\)$", "$1"));
            }
        }
        return expressions;
    }
}
