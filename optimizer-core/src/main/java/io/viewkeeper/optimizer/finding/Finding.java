// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a plan. Its texts name relations, columns and numbers, and no value of the statement.
 *
 * @param rule id of the rule, also the name of its page under docs/findings
 * @param nodePath of the node it is about ({@link io.viewkeeper.optimizer.plan.PlanNode#path}); null when it is about the whole
 * @param what one sentence: what happens there
 * @param advice one or two sentences: what to do
 * @param impactMillis what it costs of one execution, at most; null without actual times
 * @param evidence the figures that it rests on: names in camelCase with their unit, values numbers, texts or booleans
 */
public record Finding(
        String rule,
        Severity severity,
        @Nullable String nodePath,
        String what,
        String advice,
        @Nullable Double impactMillis,
        Map<String, Object> evidence) {

    public Finding {
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }
}
