// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static java.util.stream.Collectors.joining;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where an index is advised that the catalog has already, another one would not help: the advice says so. */
final class ExistingIndexes {
    private ExistingIndexes() {}

    static Finding told(Context context, Finding finding) {
        var tables = new TreeMap<String, String>();
        for (PlanNode node : context.plan().nodes()) {
            var facts = context.tableOf(node);
            if (facts != null) {
                facts.indexes().stream()
                        .filter(index -> isAdvised(finding.advice(), node, index))
                        .forEach(index -> tables.put(index.name(), Wording.relation(node)));
            }
        }
        return tables.isEmpty() ? finding : told(finding, tables);
    }

    /** Also one that has more columns behind. */
    private static boolean isAdvised(String advice, PlanNode node, TableFacts.Index index) {
        return beginnings(index.columns()).stream().anyMatch(columns -> advice.contains(IndexSketch.on(node, columns)));
    }

    /** Of a list of columns all that are first: "a"; "a", "b". */
    private static List<String> beginnings(String columns) {
        var beginnings = new ArrayList<String>();
        for (int at = columns.indexOf(", \""); at >= 0; at = columns.indexOf(", \"", at + 1)) {
            beginnings.add(columns.substring(0, at));
        }
        beginnings.add(columns);
        return beginnings;
    }

    private static Finding told(Finding finding, SortedMap<String, String> tables) {
        var evidence = new LinkedHashMap<String, Object>(finding.evidence());
        evidence.remove("suggestedIndex");
        evidence.put("existingIndexes", List.copyOf(tables.keySet()));
        return new Finding(
                finding.rule(),
                finding.severity(),
                finding.nodePath(),
                finding.what(),
                "%s But there is one already: %s. Another there would not help: see why it does not serve (type or collation of what is compared, statistics, or too many rows)."
                        .formatted(
                                finding.advice(),
                                tables.entrySet().stream()
                                        .map(index -> Wording.quoted(index.getKey()) + " on " + index.getValue())
                                        .collect(joining(", "))),
                finding.impactMillis(),
                evidence);
    }
}
