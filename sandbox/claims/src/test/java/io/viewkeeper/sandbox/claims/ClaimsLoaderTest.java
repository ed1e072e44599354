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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The sample is the same for the same seed, looks like claims do, and leaves the tables as it found them. */
@Tag("server")
class ClaimsLoaderTest {
    private static final Instant NOW = Instant.parse("2026-09-16T15:30:00Z");

    /** Everything but the statistics that VACUUM leaves. */
    private static final String DEFINITIONS = """
            select pg_catalog.pg_get_indexdef(i.indexrelid) from pg_catalog.pg_index i
            join pg_catalog.pg_class c on c.oid = i.indrelid where c.relnamespace = 'staging'::regnamespace
            union all
            select c.conrelid::regclass || ' ' || c.conname || ' ' || pg_catalog.pg_get_constraintdef(c.oid)
            from pg_catalog.pg_constraint c where c.connamespace = 'staging'::regnamespace
            order by 1""";

    private static final List<String> TABLES =
            List.of("providers", "payers", "claims_837p", "claim_line_items", "validation_results", "processing_queue");

    @Test
    void givesTheSameRowsForTheSameSeed() throws SQLException {
        SandboxDatabase one = PostgresServer.shared().claimsDatabase();
        SandboxDatabase other = PostgresServer.shared().claimsDatabase();

        LoadResult first = load(one, 42, 12_000, NOW);
        LoadResult second = load(other, 42, 12_000, NOW);

        assertThat(second.checksum()).isEqualTo(first.checksum());
        assertThat(content(other)).isEqualTo(content(one));
    }

    @Test
    void givesTheSameChecksumOnAnotherDayAndAnotherForAnotherSeed() throws SQLException {
        String checksum =
                load(PostgresServer.shared().claimsDatabase(), 42, 3_000, NOW).checksum();

        Instant later = NOW.plusSeconds(3 * 86_400 + 12_345);
        assertThat(load(PostgresServer.shared().claimsDatabase(), 42, 3_000, later)
                        .checksum())
                .isEqualTo(checksum);
        assertThat(load(PostgresServer.shared().claimsDatabase(), 43, 3_000, NOW)
                        .checksum())
                .isNotEqualTo(checksum);
    }

    @Test
    void looksLikeClaims() throws SQLException {
        SandboxDatabase database = PostgresServer.shared().claimsDatabase();
        LoadResult result = load(database, 7, 30_000, NOW);
        try (Connection owner = database.connect(Role.OWNER)) {
            assertThat(number(owner, "select count(*) from claims_837p")).isEqualTo(30_000);
            assertThat(number(owner, "select count(*) from claim_line_items")).isEqualTo((double) result.lines());
            assertThat(result.lines() / 30_000.0).isBetween(2.7, 3.2);
            assertThat(number(owner, "select max(line_number) from claim_line_items"))
                    .isEqualTo(6);
            assertThat(number(owner, "select 100.0 * avg((status = 'denied')::int) from claims_837p"))
                    .isBetween(6.0, 10.0);
            assertThat(number(owner, "select count(distinct denial_reason_code) from claims_837p"))
                    .isGreaterThan(8);
            assertThat(number(owner, """
                    select 100.0 * sum(n) filter (where place <= 4) / sum(n) from (
                      select count(*) as n, row_number() over (order by count(*) desc) as place
                      from claims_837p group by payer_id) p""")).isBetween(55.0, 85.0);
            assertThat(number(owner, """
                    select count(*) filter (where extract(isodow from received_at at time zone 'UTC') = 2)::numeric
                      / count(*) filter (where extract(isodow from received_at at time zone 'UTC') = 7)
                    from claims_837p""")).isGreaterThan(4);
            assertThat(number(owner, """
                    select avg(total_amount)::float / percentile_cont(0.5) within group (order by total_amount)
                    from claims_837p""")).isGreaterThan(1.2);
            assertThat(number(
                            owner,
                            "select count(*) from claims_837p where processed_at > '%s' or received_at > '%1$s'"
                                    .formatted(NOW)))
                    .isZero();
            assertThat(number(owner, "select count(*) from claims_837p where processed_at is null"))
                    .isPositive();
            assertThat(number(owner, "select count(*) from validation_results")).isPositive();
            assertThat(number(owner, "select count(distinct (queue_name, status)) from processing_queue"))
                    .isGreaterThan(6);
        }
    }

    @Test
    void givesEveryViewSomethingToShow() throws SQLException {
        SandboxDatabase database = PostgresServer.shared().claimsDatabase();
        load(database, 1, 10_000, Instant.now());
        try (Connection refresher = database.connect(Role.REFRESHER)) {
            assertThat(ViewSnapshot.refreshed(refresher).rowsByView().values())
                    .allSatisfy(rows -> assertThat(rows).isNotEmpty());
        }
    }

    @Test
    void leavesKeysIndexesAndIdentityAsTheyWere() throws SQLException {
        SandboxDatabase database = PostgresServer.shared().claimsDatabase();
        try (Connection owner = database.connect(Role.OWNER)) {
            List<String> before = texts(owner, DEFINITIONS);
            load(database, 42, 1_000, NOW);
            assertThat(texts(owner, DEFINITIONS)).isEqualTo(before).hasSizeGreaterThan(20);
            assertThat(number(owner, "insert into claims_837p default values returning claim_id"))
                    .isEqualTo(1_001);
        }
    }

    @Test
    void leavesEmptyTablesWithTheirIndexesWhenItFails() throws SQLException {
        SandboxDatabase database = PostgresServer.shared().claimsDatabase();
        try (Connection owner = database.connect(Role.OWNER)) {
            List<String> before = texts(owner, DEFINITIONS);
            var opened = new AtomicInteger();
            ConnectionSource failsOnce = () -> {
                if (opened.incrementAndGet() == 4) {
                    throw new SQLException("no connection for the second worker", "08001");
                }
                return database.connect(Role.OWNER);
            };
            GeneratorOptions options = GeneratorOptions.of(42, 40_000, NOW);
            assertThatThrownBy(() -> ClaimsLoader.load(failsOnce, options, LoadProgress.SILENT))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("second worker");
            assertThat(texts(owner, DEFINITIONS)).isEqualTo(before);
            for (String table : TABLES) {
                assertThat(number(owner, "select count(*) from " + table))
                        .as(table)
                        .isZero();
            }
        }
    }

    @Test
    void refusesADatabaseThatHoldsClaims() throws SQLException {
        SandboxDatabase database = PostgresServer.shared().claimsDatabase();
        load(database, 42, 100, NOW);
        assertThatThrownBy(() -> load(database, 42, 100, NOW))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("empty database");
        assertThat(content(database)).isNotEmpty();
    }

    private static LoadResult load(SandboxDatabase database, long seed, long claims, Instant now) throws SQLException {
        return ClaimsLoader.load(
                () -> database.connect(Role.OWNER), GeneratorOptions.of(seed, claims, now), LoadProgress.SILENT);
    }

    private static List<String> content(SandboxDatabase database) throws SQLException {
        try (Connection owner = database.connect(Role.OWNER)) {
            var content = new ArrayList<String>();
            for (String table : TABLES) {
                // Rows of the last two tables are numbered as they arrive.
                content.add(texts(owner, """
                        select '%s ' || count(*) || ' ' || sum(hashtextextended((to_jsonb(t)
                          - 'validation_result_id' - 'queue_item_id')::text, 0)::numeric)
                        from staging.%1$s t""".formatted(table)).getFirst());
            }
            return content;
        }
    }

    private static double number(Connection connection, String sql) throws SQLException {
        return Double.parseDouble(texts(connection, sql).getFirst());
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
