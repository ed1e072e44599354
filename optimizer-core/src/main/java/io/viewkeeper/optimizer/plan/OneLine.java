// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A plan in TEXT whose lines a program has put one behind the other, as "curl -d @file" does. Its blanks are left. */
final class OneLine {
    /** They stand within a line, too. */
    private static final Set<String> WITHIN = Set.of("Memory", "Batches");

    private static final Pattern BEGINNING = Pattern.compile(
            "(?<! )(?= {2,}(?:->|Worker \\d{1,6}:|InitPlan \\d|SubPlan \\d|Memory: used=|(?:"
                    + keys() + "): )| {4,}Batches: )"
                    + "|(?<=[^ ])(?= ?(?:Planning:|Planning [Tt]ime: |JIT:|Settings: |Trigger [^:]{1,200}: |Execution [Tt]ime: ))");

    private OneLine() {}

    /** Of several lines, or of no plan, the text as it is. */
    static String broken(String text) {
        String line = text.strip();
        if (line.indexOf('\n') >= 0 || TextHead.figures(line) == line.length()) {
            return text;
        }
        return BEGINNING.splitAsStream(line).collect(Collectors.joining("\n"));
    }

    private static String keys() {
        return TextLine.keys().stream()
                .filter(key -> !WITHIN.contains(key))
                .sorted()
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
    }
}
