// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule against real plans, and against its page. */
class RuleFixturesTest {
    private static final int LONGEST_PAGE = 60;

    static Stream<Rule> rules() {
        return Rules.ALL.stream();
    }

    static List<String> ids() {
        return Rules.ALL.stream().map(Rule::id).toList();
    }

    @Test
    void idsAreUnique() {
        assertThat(ids()).doesNotHaveDuplicates().isNotEmpty();
    }

    @Test
    void eachRuleHasAFolderAndEachFolderARule() {
        assertThat(Fixture.all()).containsExactlyElementsOf(new TreeSet<>(ids()));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void reportsTheProblemWhereItIs(Rule rule) {
        var context = Fixture.of(rule.id()).context("positive");

        assertThat(Findings.of(context)).extracting(Finding::rule).contains(rule.id());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void seesNothingOnceItIsMended(Rule rule) {
        assertThat(rule.check(Fixture.of(rule.id()).context("negative"))).isEmpty();
    }

    /** A service reads plans without their values, and must see in them what is to be seen in the plan itself. */
    @ParameterizedTest
    @MethodSource("rules")
    void needsNoValues(Rule rule) {
        for (String side : List.of("positive", "negative")) {
            var fixture = Fixture.of(rule.id());

            assertThat(Findings.of(fixture.withoutValues().context(side)))
                    .as(side)
                    .isEqualTo(Findings.of(fixture.context(side)));
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void promisesNoMoreThanTheNodeTakes(Rule rule) {
        var context = Fixture.of(rule.id()).context("positive");

        for (var finding : rule.check(context)) {
            var impact = finding.impactMillis();
            var path = finding.evidence().getOrDefault("affectedPath", finding.nodePath());
            double most = context.plan().nodes().stream()
                    .filter(node -> node.path().equals(path))
                    .mapToDouble(context.times()::inclusiveMillis)
                    .findFirst()
                    .orElse(Double.MAX_VALUE);
            assertThat(impact == null ? 0 : impact).as(finding.what()).isLessThanOrEqualTo(most);
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holdsOnlyPlainEvidence(Rule rule) {
        for (var finding : rule.check(Fixture.of(rule.id()).context("positive"))) {
            assertThat(finding.evidence()).isNotEmpty();
            assertThat(finding.evidence().values()).allMatch(RuleFixturesTest::plain);
            assertThat(finding.what()).endsWith(".");
            assertThat(finding.advice()).endsWith(".");
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void hasAPageWithThePlanBeforeAndAfter(Rule rule) throws IOException {
        var page = Files.readString(Fixture.of(rule.id()).page());

        assertThat(page)
                .startsWith("# " + rule.id() + "\n")
                .containsPattern("(?s)\n## Before\n.*?```text\n.*?\\(cost=.*?```.*\n## After\n.*?```text\n.*?\\(cost=");
        assertThat(page.lines().count()).isLessThanOrEqualTo(LONGEST_PAGE);
        assertThat(Files.readString(Fixture.root().resolve("docs/findings/README.md")))
                .contains("[" + rule.id() + "](" + rule.id() + ".md)");
    }

    private static boolean plain(Object value) {
        return value instanceof Number
                || value instanceof String
                || value instanceof Boolean
                || (value instanceof Collection<?> items && items.stream().allMatch(RuleFixturesTest::plain));
    }
}
