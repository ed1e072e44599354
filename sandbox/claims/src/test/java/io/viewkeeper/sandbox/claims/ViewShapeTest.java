// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What every view must be, whatever it shows: refreshable concurrently, by the refresher, and without needless changes. */
@Tag("server")
class ViewShapeTest {
    static final List<String> VIEWS = ViewSnapshot.VIEWS;

    private static SandboxDatabase database;
    private static Connection owner;
    private static Connection refresher;

    @BeforeAll
    static void fill() throws SQLException {
        database = PostgresServer.shared().claimsDatabase();
        owner = database.connect(Role.OWNER);
        refresher = database.connect(Role.REFRESHER);
        AwkwardClaims.generate(5, 500, Instant.now(), ZoneOffset.UTC).store(owner);
        ViewSnapshot.refreshed(refresher);
    }

    @AfterAll
    static void close() throws SQLException {
        owner.close();
        refresher.close();
    }

    @Test
    void areNine() throws SQLException {
        assertThat(texts("select matviewname from pg_catalog.pg_matviews where schemaname = 'analytics'"))
                .containsExactlyInAnyOrderElementsOf(VIEWS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "claims_processing_metrics_realtime; time_bucket",
                "queue_depth_metrics_realtime; queue_name",
                "validation_results_realtime; time_bucket, rule_code",
                "claims_daily_summary; processing_date",
                "provider_performance_daily; analysis_date, provider_id",
                "payer_analysis_daily; analysis_date, payer_id",
                "revenue_analytics_summary; revenue_date, payer_id",
                "diagnosis_code_analytics; week_start, diagnosis_code",
                "failed_claims_analysis; failure_date, payer_id, failure_reason"
            })
    void hasAUniqueIndexOnPlainColumnsThatAreNeverNull(String view, String key) throws SQLException {
        assertThat(texts("""
            select string_agg(a.attname, ', ' order by k.position)
            from pg_catalog.pg_index i
            cross join lateral unnest(i.indkey) with ordinality k (attnum, position)
            left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
            where i.indrelid = 'analytics.%s'::regclass
              and i.indisunique and i.indisvalid and i.indpred is null
            group by i.indexrelid
            having count(a.attname) = count(*)""".formatted(view))).containsExactly(key);
        for (String column : key.split(", ", -1)) {
            assertThat(texts("select count(*) from analytics.%s where %s is null".formatted(view, column)))
                    .containsExactly("0");
        }
    }

    @ParameterizedTest
    @FieldSource("VIEWS")
    void saysWhatOneRowIs(String view) throws SQLException {
        assertThat(texts("select pg_catalog.obj_description('analytics.%s'::regclass, 'pg_class')".formatted(view)))
                .singleElement()
                .asString()
                .startsWith("One row is one ");
    }

    @ParameterizedTest
    @FieldSource("VIEWS")
    void hasNoOrder(String view) throws SQLException {
        String definition = texts("select pg_catalog.pg_get_viewdef('analytics.%s'::regclass)".formatted(view))
                .getFirst();
        assertThat(outsideOfParentheses(definition)).doesNotContain("ORDER BY").contains("SELECT", "FROM");
    }

    @ParameterizedTest
    @FieldSource("VIEWS")
    void belongsToTheRefresher(String view) throws SQLException {
        assertThat(texts("select matviewowner from pg_catalog.pg_matviews where matviewname = '%s'".formatted(view)))
                .containsExactly("viewkeeper_refresher");
    }

    @Test
    void theRefresherMayNeitherCreateInAnalyticsNorWriteBaseTables() throws SQLException {
        assertThat(texts("""
                select pg_catalog.has_schema_privilege('viewkeeper_refresher', 'analytics', 'create')
                  or pg_catalog.has_table_privilege('viewkeeper_refresher', 'staging.claims_837p', 'insert, update, delete, truncate')
                  or pg_catalog.has_table_privilege('viewkeeper_metrics', 'staging.claims_837p', 'select')
                """)).containsExactly("f");
    }

    @ParameterizedTest
    @FieldSource("VIEWS")
    void changesNoRowWhenNothingChanged(String view) throws SQLException {
        changedRows(view);
        // Once more where a minute ended in between: the oldest of the last 24 hours then leaves the real-time views.
        assertThat(List.of(changedRows(view), changedRows(view))).contains("0 inserted, 0 deleted");
    }

    @Test
    void changesOneRowOfTheDayWhenOneClaimChanged() throws SQLException {
        changedRows("claims_daily_summary");
        try (Statement statement = owner.createStatement()) {
            statement.execute("""
                    update staging.claims_837p set total_amount = coalesce(total_amount, 0) + 1
                    where claim_id = (select min(claim_id) from staging.claims_837p where processed_at is not null)""");
        }
        assertThat(changedRows("claims_daily_summary")).isEqualTo("1 inserted, 1 deleted");
    }

    @ParameterizedTest
    @CsvSource({"refresh_realtime_views, realtime", "refresh_daily_views, daily", "refresh_analytics_views, analytics"})
    void theSeedsFunctionsRequestARefreshOfTheirGroup(String function, String group) throws SQLException {
        assertThatThrownBy(() -> texts(refresher, "select " + function + "()")).hasMessageContaining(group);
        try (Statement statement = refresher.createStatement()) {
            statement.execute("""
                    insert into viewkeeper.view_state (view_schema, view_name, view_oid, view_group)
                    values ('analytics', '%s', 1, '%1$s')""".formatted(group));
            assertThat(texts(refresher, "select " + function + "()")).containsExactly("");
            assertThat(texts(refresher, "select view_group from viewkeeper.refresh_request"))
                    .contains(group);
        }
    }

    /**
     * Of a concurrent refresh, by the counters of its own transaction. They begin with what earlier transactions of the
     * session left: a backend hands its counts over once a second at most (PostgreSQL 15 to 18).
     */
    private static String changedRows(String view) throws SQLException {
        refresher.setAutoCommit(false);
        try (Statement statement = refresher.createStatement()) {
            List<Long> before = counters(view);
            statement.execute("refresh materialized view concurrently analytics." + view);
            List<Long> after = counters(view);
            return "%d inserted, %d deleted".formatted(after.get(0) - before.get(0), after.get(1) - before.get(1));
        } finally {
            refresher.commit();
            refresher.setAutoCommit(true);
        }
    }

    private static List<Long> counters(String view) throws SQLException {
        return texts(refresher, """
                        select unnest(array[
                          pg_catalog.pg_stat_get_xact_tuples_inserted(o), pg_catalog.pg_stat_get_xact_tuples_deleted(o)])
                        from (select 'analytics.%s'::regclass::oid as o) v""".formatted(view)).stream().map(Long::valueOf).toList();
    }

    private static String outsideOfParentheses(String sql) {
        var outside = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0) {
                outside.append(c);
            }
        }
        return outside.toString();
    }

    private static List<String> texts(String sql) throws SQLException {
        return texts(owner, sql);
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }
}
