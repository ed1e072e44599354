// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.server.MigrationOptions;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ReportBenchmarkTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @Test
    void measuresEveryReportOverASample() throws SQLException {
        SandboxDatabase database = PostgresServer.shared().claimsDatabase();
        GeneratorOptions options = GeneratorOptions.of(42, 20_000, Instant.now());
        ClaimsLoader.load(() -> database.connect(Role.OWNER), options, LoadProgress.SILENT);
        try (Connection owner = database.connect(Role.OWNER)) {
            List<Measurement> measured = ReportBenchmark.run(owner, ZoneOffset.UTC, LoadProgress.SILENT);
            assertThat(measured)
                    .extracting(Measurement::measure)
                    .containsExactly(
                            "daily-claims-report",
                            "provider-analytics",
                            "revenue-summary",
                            "failed-claims-analysis",
                            "failed-claims-by-reason");
            assertThat(measured).allSatisfy(one -> {
                assertThat(one.value()).isPositive();
                assertThat(one.baseline()).isPositive();
                assertThat(one.ratio()).isPositive();
            });
        }
    }

    /** And the negative control: after a change that no refresh has seen, the two sides differ. */
    @Test
    void viewsAnswerAsBaseTablesDoUntilAClaimChanges() throws SQLException {
        SandboxDatabase database =
                PostgresServer.shared().cloneOf(MigrationOptions.claims().withBusinessTimeZone(NEW_YORK));
        try (Connection owner = database.connect(Role.OWNER);
                Connection refresher = database.connect(Role.REFRESHER);
                Statement statement = owner.createStatement()) {
            AwkwardClaims.generate(3, 2_000, Instant.now(), NEW_YORK).store(owner);
            LocalDate today =
                    LocalDate.ofInstant(ViewSnapshot.refreshed(refresher).now(), NEW_YORK);
            for (Report report : Report.all()) {
                assertThat(viewSide(owner, report)).as(report.name()).isEqualTo(baseSide(owner, report, today));
                assertThat(viewSide(owner, report)).as(report.name()).isNotEmpty();
            }

            statement.execute("update staging.claims_837p set total_amount = 99999, status = 'denied'");
            for (Report report : Report.all()) {
                assertThat(viewSide(owner, report)).as(report.name()).isNotEqualTo(baseSide(owner, report, today));
            }
        }
    }

    private static List<List<Object>> viewSide(Connection connection, Report report) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(report.viewSql())) {
            return ReportBenchmark.rows(statement);
        }
    }

    private static List<List<Object>> baseSide(Connection connection, Report report, LocalDate today)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(report.baseSqlFor(NEW_YORK.getId(), today))) {
            return ReportBenchmark.rows(statement);
        }
    }
}
