package io.viewkeeper.refresher.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.refresher.Settings;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

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
        assertThat(new Policies(settings.config()).of(DAILY).orElseThrow().freshnessTarget())
                .isEqualTo(Duration.ofMinutes(10));
        settings.with("groups.g.freshness-target", "7m");
        assertThat(new Policies(settings.config()).of(DAILY).orElseThrow().freshnessTarget())
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
        assertThat(policy.interval()).isEqualTo(Duration.ofSeconds(90));
        assertThat(policy.plainRefresh()).isEqualTo(PlainRefresh.WHEN_NEEDED);
        assertThat(policy.workMem()).contains("64MB");
        ViewPolicy other = policies.of(new ViewName("analytics", "other")).orElseThrow();
        assertThat(other.interval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(other.plainRefresh()).isEqualTo(PlainRefresh.NEVER);
        assertThat(other.timeZone().getRules()).isEqualTo(ZoneOffset.UTC.getRules());
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
}
