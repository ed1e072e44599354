// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.refresher.Settings;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {
    private static final ViewName DAILY = new ViewName("analytics", "claims_daily_summary");
    private static final ViewName ODD = new ViewName("My Schema", "a.b*c\nd");

    @Test
    void aViewThatNoPatternMatchesHasNoPolicy() {
        var policies = new Policies(new Settings().group("daily", "sales.*").config());
        assertThat(policies.of(DAILY)).isEmpty();
    }

    @Test
    void theClosestPatternDecides() {
        var policies = new Policies(new Settings()
                .group("all", "*")
                .group("analytics", "analytics.*")
                .group("exact", "analytics.claims_daily_summary")
                .config());
        assertThat(policies.of(DAILY).orElseThrow().group()).isEqualTo("exact");
        assertThat(policies.of(new ViewName("analytics", "other")).orElseThrow().group())
                .isEqualTo("analytics");
        assertThat(policies.of(ODD).orElseThrow().group()).isEqualTo("all");
    }

    @Test
    void patternsAreNoRegularExpressions() {
        var policies = new Policies(new Settings().group("g", "analytics.a+").config());
        assertThat(policies.of(new ViewName("analytics", "aa"))).isEmpty();
        assertThat(policies.of(new ViewName("analytics", "a+"))).isPresent();
    }

    @Test
    void caseMatters() {
        var policies = new Policies(new Settings().group("g", "Analytics.*").config());
        assertThat(policies.of(DAILY)).isEmpty();
    }

    @Test
    void freshnessTargetIsTwiceTheIntervalUnlessSet() {
        var settings = new Settings().group("g", "analytics.*", "5m");
        assertThat(new Policies(settings.config())
                        .of(DAILY)
                        .orElseThrow()
                        .timing()
                        .freshnessTarget())
                .isEqualTo(Duration.ofMinutes(10));
        settings.with("groups.g.freshness-target", "7m");
        assertThat(new Policies(settings.config())
                        .of(DAILY)
                        .orElseThrow()
                        .timing()
                        .freshnessTarget())
                .isEqualTo(Duration.ofMinutes(7));
    }

    @Test
    void aViewsOwnSettingsOverrideItsGroups() {
        var policies = new Policies(new Settings()
                .group("g", "analytics.*", "5m")
                .with("views.\"analytics.claims_daily_summary\".interval", "90s")
                .with("views.\"analytics.claims_daily_summary\".plain-refresh", "when-needed")
                .with("views.\"analytics.claims_daily_summary\".work-mem", "64MB")
                .config());
        ViewPolicy policy = policies.of(DAILY).orElseThrow();
        assertThat(policy.timing().interval()).contains(Duration.ofSeconds(90));
        assertThat(policy.plainRefresh()).isEqualTo(PlainRefresh.WHEN_NEEDED);
        assertThat(policy.limits().workMem()).contains("64MB");
        ViewPolicy other = policies.of(new ViewName("analytics", "other")).orElseThrow();
        assertThat(other.timing().interval()).contains(Duration.ofMinutes(5));
        assertThat(other.plainRefresh()).isEqualTo(PlainRefresh.NEVER);
        assertThat(other.limits().timeZone().getRules()).isEqualTo(ZoneOffset.UTC.getRules());
    }

    @Test
    void whatAGroupExcludesIsNotItsOwn() {
        var policies = new Policies(new Settings()
                .group("g", "analytics.*")
                .with("groups.g.exclude", "analytics.claims_*,analytics.tmp")
                .config());
        assertThat(policies.of(DAILY)).isEmpty();
        assertThat(policies.of(new ViewName("analytics", "tmp"))).isEmpty();
        assertThat(policies.of(new ViewName("analytics", "tmp2"))).isPresent();
    }

    @Test
    void aScheduleIsAnIntervalACronExpressionOrTheTargetAlone() {
        var settings = new Settings()
                .with("groups.cron.views", "a.*")
                .with("groups.cron.cron", "15 2 * * MON-FRI")
                .with("groups.cron.time-zone", "Europe/Berlin")
                .with("groups.target.views", "b.*")
                .with("groups.target.freshness-target", "10m")
                .group("interval", "c.*", "5m")
                .with("views.\"c.x\".cron", "0 * * * *");
        var policies = new Policies(settings.config());
        var cron = policies.of(new ViewName("a", "x")).orElseThrow().timing();
        assertThat(cron.schedule()).hasToString("cron 15 2 * * MON-FRI Europe/Berlin");
        assertThat(cron.freshnessTarget())
                .as("from Friday to Monday when the clocks go back, twice")
                .isEqualTo(Duration.ofHours(146));
        assertThat(policies.of(new ViewName("b", "x")).orElseThrow().timing().schedule())
                .isEqualTo(new Schedule.ByTarget());
        assertThat(policies.of(new ViewName("c", "x")).orElseThrow().timing().schedule())
                .hasToString("cron 0 * * * * UTC");
        assertThat(policies.of(new ViewName("c", "y")).orElseThrow().timing().schedule())
                .hasToString("every 5m");
    }

    @Test
    void refusesSchedulesThatMakeNoSense() {
        assertThatThrownBy(() -> new Policies(
                        new Settings().with("groups.g.views", "a.*").config()))
                .hasMessageContaining("one of interval, cron and freshness-target must be set");
        assertThatThrownBy(() -> new Policies(new Settings()
                        .group("g", "a.*")
                        .with("groups.g.cron", "* * * * *")
                        .config()))
                .hasMessageContaining("exclude each other");
        assertThatThrownBy(() -> new Policies(new Settings()
                        .with("groups.g.views", "a.*")
                        .with("groups.g.cron", "61 * * * *")
                        .config()))
                .hasMessageContaining("group g")
                .hasMessageContaining("61 * * * *");
        assertThatThrownBy(() -> new Policies(new Settings()
                        .with("groups.g.views", "a.*")
                        .with("groups.g.cron", "0 0 30 2 *")
                        .config()))
                .hasMessageContaining("never comes");
        assertThatThrownBy(() -> new Policies(new Settings()
                        .group("g", "a.*")
                        .with("groups.g.consistent", "true")
                        .with("views.\"a.x\".interval", "1m")
                        .config()))
                .hasMessageContaining("together");
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> new Policies(
                        new Settings().group("g", "analytics.*", "1ms").config()))
                .hasMessageContaining("group g")
                .hasMessageContaining("interval");
        assertThatThrownBy(() -> new Policies(
                        new Settings().group("g", "claims_daily_summary").config()))
                .hasMessageContaining("schema.view");
        assertThatThrownBy(() -> new Policies(new Settings()
                        .group("g", "analytics.*")
                        .with("views.\"analytics.x\".work-mem", "1MB'; drop table x; --")
                        .config()))
                .hasMessageContaining("work-mem");
    }

    @ParameterizedTest
    @CsvSource({
        // What PostgreSQL would refuse in each refresh, and what would overflow in each turn.
        "statement-timeout, 30d",
        "lock-timeout, P99999999999999D",
        "work-mem, 1kB",
        "work-mem, 2048GB",
        "interval, P99999999D",
        "freshness-target, P999999999999D",
        "jitter, P999999999999D",
        "retry-delay, P999999999999D",
        "longest-retry-delay, P999999999999D",
        "resume-after, P99999999999D"
    })
    void refusesWhatNoRefreshCouldHave(String setting, String value) {
        assertThatThrownBy(() -> new Policies(new Settings()
                        .group("g", "analytics.*")
                        .with("groups.g." + setting, value)
                        .config()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("group g: " + setting + " must be ");
    }

    @Test
    void takesTheExtremesThatPostgresTakes() {
        var policies = new Policies(new Settings()
                .group("g", "analytics.*", "36500d")
                .with("groups.g.statement-timeout", "24d")
                .with("groups.g.work-mem", "2047GB")
                .with("groups.g.resume-after", "36500d")
                .with("views.\"analytics.small\".work-mem", "64kB")
                .config());
        assertThat(policies.of(DAILY).orElseThrow().limits().statementTimeout()).isEqualTo(Duration.ofDays(24));
        assertThat(policies.of(new ViewName("analytics", "small"))
                        .orElseThrow()
                        .limits()
                        .workMem())
                .contains("64kB");
    }
}
