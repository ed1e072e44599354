// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.MigrationOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each view shows what a recomputation from the rules in words gives, row by row, in several zones of business days. */
@Tag("server")
@ParameterizedClass
@MethodSource("zones")
class ViewContentTest {
    private final ZoneId zone;
    private final SandboxDatabase database;
    private final Connection owner;
    private final Connection refresher;

    ViewContentTest(ZoneId zone) throws SQLException {
        this.zone = zone;
        database = PostgresServer.shared().cloneOf(MigrationOptions.claims().withBusinessTimeZone(zone));
        owner = database.connect(Role.OWNER);
        refresher = database.connect(Role.REFRESHER);
    }

    /** UTC, New York, and the zone whose clocks changed last: at midnight, in two of the four. */
    static Stream<ZoneId> zones() {
        Instant now = Instant.now();
        ZoneId changedLast = Stream.of("Europe/Berlin", "Australia/Sydney", "Africa/Cairo", "America/Santiago")
                .map(ZoneId::of)
                .max(Comparator.comparing(
                        zone -> Objects.requireNonNull(zone.getRules().previousTransition(now))
                                .getInstant()))
                .orElseThrow();
        return Stream.of(ZoneId.of("UTC"), ZoneId.of("America/New_York"), changedLast);
    }

    @AfterEach
    void close() throws SQLException {
        owner.close();
        refresher.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void showsWhatTheRulesSayOfASmallDatabase(long seed) throws SQLException {
        assertViewsShow(AwkwardClaims.generate(seed, 5 + (int) seed * 10, Instant.now(), zone));
    }

    @Test
    void showsWhatTheRulesSayOfARichDatabase() throws SQLException {
        ViewSnapshot views = assertViewsShow(AwkwardClaims.generate(99, 6_000, Instant.now(), zone));
        assertThat(views.rowsByView().values())
                .allSatisfy(rows -> assertThat(rows).isNotEmpty());
    }

    @Test
    void isEmptyOverAnEmptyDatabase() throws SQLException {
        ViewSnapshot views = assertViewsShow(ClaimsData.EMPTY);
        assertThat(views.rowsByView().values())
                .allSatisfy(rows -> assertThat(rows).isEmpty());
    }

    /** The negative control: the comparison sees a day that is cut elsewhere. */
    @Test
    void doesNotShowTheDaysOfAnotherZone() throws SQLException {
        ClaimsData data = AwkwardClaims.generate(7, 300, Instant.now(), zone);
        data.store(owner);
        ViewSnapshot views = ViewSnapshot.refreshed(refresher);
        Map<String, List<String>> elsewhere = ViewSnapshot.expected(data, views.now(), ZoneId.of("Pacific/Kiritimati"));
        for (String view : ViewSnapshot.VIEWS.subList(3, 9)) {
            assertThat(views.rowsByView().get(view)).as(view).isNotEqualTo(elsewhere.get(view));
        }
    }

    private ViewSnapshot assertViewsShow(ClaimsData data) throws SQLException {
        data.store(owner);
        ViewSnapshot views = ViewSnapshot.refreshed(refresher);
        Map<String, List<String>> expected = ViewSnapshot.expected(data, views.now(), zone);
        assertThat(views.rowsByView().keySet()).isEqualTo(expected.keySet());
        SoftAssertions.assertSoftly(softly -> expected.forEach((view, rows) ->
                softly.assertThat(views.rowsByView().get(view)).as(view).containsExactlyElementsOf(rows)));
        return views;
    }
}
