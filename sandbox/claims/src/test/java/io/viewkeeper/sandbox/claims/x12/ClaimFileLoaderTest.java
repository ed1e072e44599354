// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import static org.assertj.core.api.Assertions.assertThat;

import io.viewkeeper.sandbox.claims.x12.LoadOptions.Arrival;
import io.viewkeeper.sandbox.server.PostgresServer;
import io.viewkeeper.sandbox.server.Role;
import io.viewkeeper.sandbox.server.SandboxDatabase;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class ClaimFileLoaderTest {

    private static final Instant NOW = Instant.parse("2026-03-03T10:15:30Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final LoadOptions PENDING = new LoadOptions(PatientKey.forSamples(), Arrival.PENDING);
    private static final Path PLAIN = SampleFile.ACCEPTED.resolve("plain.837");

    /** Everything that a file leaves behind. */
    private static final String ROWS = """
            select (select count(*) from staging.x12_files)
                 + (select count(*) from staging.providers)
                 + (select count(*) from staging.payers)
                 + (select count(*) from staging.claims_837p)
                 + (select count(*) from staging.claim_line_items)""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final SandboxDatabase database = PostgresServer.shared().claimsDatabase();

    @SuppressWarnings("NullAway.Init")
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        connection = database.connect(Role.OWNER);
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    @Test
    void loadsClaimsWithTheirLinesProvidersAndPayers() throws SQLException {
        var outcome = loader(PENDING).load(PLAIN);

        assertThat(outcome).isEqualTo(new LoadOutcome.Loaded(PLAIN, 1, 2));
        assertThat(rows("""
                                select claim_control_number, total_amount, status, validation_passed, processing_time_ms,
                                       received_at at time zone 'UTC', processed_at, patient_id > 0,
                                       npi, provider_name, provider_taxonomy, payer_code, payer_name, payer_type
                                from staging.claims_837p join staging.providers using (provider_id)
                                     join staging.payers using (payer_id)"""))
                .containsExactly("PLAIN-1|187.50|pending|null|null|2026-03-03 10:15:30|null|t|"
                        + "1457300010|LAKESIDE FAMILY PRACTICE|207Q00000X|MED01|MEDICARE EXAMPLE|medicare");
        assertThat(rows("""
                                select line_number, procedure_code, diagnosis_code, charge_amount, units, service_date
                                from staging.claim_line_items join staging.claims_837p using (claim_id)
                                order by line_number"""))
                .containsExactly("1|G0463|E119|142.50|1.000|2026-02-18", "2|G0328|I10|45.00|1.000|2026-02-18");
    }

    @Test
    void attachesEachLineToItsOwnClaim() throws SQLException {
        loader(PENDING).load(SampleFile.ACCEPTED.resolve("dependents.837"));

        assertThat(rows("""
                                select claim_control_number, npi, count(*), sum(charge_amount) = max(total_amount)
                                from staging.claims_837p join staging.claim_line_items using (claim_id)
                                     join staging.providers using (provider_id)
                                group by 1, 2
                                order by 1, 2"""))
                .containsExactly(
                        "DEP-1|1457300010|1|t",
                        "DEP-2|1457300010|1|t",
                        "DEP-3|1457300010|1|t",
                        "SUB-1|1457300010|1|t",
                        "SUB-1|1457300028|1|t");
        assertThat(rows("select count(distinct patient_id) from staging.claims_837p"))
                .containsExactly("3");
    }

    @Test
    void takesTheGoodFilesOfADirectoryAndSaysWhyNotTheOthers() throws IOException, SQLException {
        Files.copy(PLAIN, directory.resolve("1-good.EDI"));
        Files.copy(SampleFile.REJECTED.resolve("truncated.837"), directory.resolve("2-bad.837"));
        Files.copy(SampleFile.ACCEPTED.resolve("dependents.837"), directory.resolve("3-good.txt"));
        Files.copy(PLAIN, directory.resolve("4-again.837"));
        Files.writeString(directory.resolve("README.md"), "not a claim file");
        Files.createDirectory(directory.resolve("5-directory.837"));
        Files.writeString(
                directory.resolve("6-of-a-payer.837i"),
                "\uFEFF\r\n" + SampleFile.plain().replace("I10", "I119"));
        Files.writeString(
                directory.resolve("7-without-an-ending"), SampleFile.plain().replace("I10", "I118"));

        var outcomes = loader(PENDING).loadDirectory(directory);

        assertThat(outcomes)
                .containsExactly(
                        new LoadOutcome.Loaded(directory.resolve("1-good.EDI"), 1, 2),
                        new LoadOutcome.Rejected(
                                directory.resolve("2-bad.837"),
                                new Rejection(
                                        20,
                                        "the file ends here, without the SE of the transaction set begun at segment 3: truncated")),
                        new LoadOutcome.Loaded(directory.resolve("3-good.txt"), 5, 5),
                        new LoadOutcome.AlreadyLoaded(directory.resolve("4-again.837"), NOW),
                        new LoadOutcome.Skipped(
                                directory.resolve("5-directory.837"),
                                "it is a folder, and only the folder that was named is read"),
                        new LoadOutcome.Loaded(directory.resolve("6-of-a-payer.837i"), 1, 2),
                        new LoadOutcome.Loaded(directory.resolve("7-without-an-ending"), 1, 2),
                        new LoadOutcome.Skipped(
                                directory.resolve("README.md"),
                                "its name does not end in .837, .edi or .txt, and it does not begin with an ISA segment"));
        assertThat(outcomes.get(1).describe())
                .endsWith("2-bad.837: rejected, segment 20: the file ends here, without the SE of the transaction set"
                        + " begun at segment 3: truncated");
        assertThat(rows("select count(*) from staging.x12_files")).containsExactly("4");
    }

    @Test
    void loadsNothingOfARejectedFile() throws SQLException {
        var outcomes = loader(PENDING).loadDirectory(SampleFile.REJECTED);

        assertThat(outcomes).hasSize(9).allMatch(LoadOutcome.Rejected.class::isInstance);
        assertThat(rows(ROWS)).containsExactly("0");
    }

    @Test
    void loadsNothingOfAFileOfWhichTheDatabaseRefusesOneLine() throws SQLException {
        database.execute(
                Role.OWNER,
                "alter table staging.claim_line_items add constraint one check (procedure_code <> 'G0328')");

        var outcome = loader(PENDING).load(PLAIN);

        assertThat(outcome)
                .isEqualTo(new LoadOutcome.Rejected(
                        PLAIN, new Rejection(0, "the database refuses a value of it, SQLSTATE 23514")));
        assertThat(rows(ROWS)).containsExactly("0");
        assertThat(connection.getAutoCommit()).isTrue();
    }

    @Test
    void refusesTheSameBytesUnderAnyNameButNotTheSameClaimInAnotherFile() throws IOException, SQLException {
        var copy = Files.copy(PLAIN, directory.resolve("copy.837"));
        var corrected = Files.writeString(
                directory.resolve("corrected.837"), SampleFile.plain().replace("I10", "I119"));
        var loader = loader(PENDING);

        assertThat(loader.load(PLAIN)).isInstanceOf(LoadOutcome.Loaded.class);
        assertThat(loader.load(PLAIN)).isEqualTo(new LoadOutcome.AlreadyLoaded(PLAIN, NOW));
        assertThat(loader.load(copy)).isEqualTo(new LoadOutcome.AlreadyLoaded(copy, NOW));
        assertThat(rows("select count(*) from staging.claims_837p")).containsExactly("1");
        assertThat(loader.load(corrected)).isInstanceOf(LoadOutcome.Loaded.class);
        assertThat(rows("select count(*), count(distinct patient_id) from staging.claims_837p"))
                .containsExactly("2|1");
    }

    @Test
    void lettingTwoLoadersRaceForOneFileLoadsItOnce() throws Exception {
        var start = new CountDownLatch(1);
        var outcomes = new ArrayList<LoadOutcome>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<LoadOutcome> race = () -> {
                try (var own = database.connect(Role.OWNER)) {
                    start.await();
                    return new ClaimFileLoader(own, PENDING, CLOCK).load(PLAIN);
                }
            };
            var first = executor.submit(race);
            var second = executor.submit(race);
            start.countDown();
            outcomes.add(first.get());
            outcomes.add(second.get());
        }

        assertThat(outcomes)
                .containsExactlyInAnyOrder(
                        new LoadOutcome.Loaded(PLAIN, 1, 2), new LoadOutcome.AlreadyLoaded(PLAIN, NOW));
        assertThat(rows(ROWS))
                .as("a file, a provider, a payer, a claim, two lines")
                .containsExactly("6");
    }

    @Test
    void usesProvidersAndPayersThatAreThereAndFillsInWhatIsMissing() throws SQLException {
        database.execute(Role.OWNER, """
                insert into staging.providers (provider_id, npi, provider_name) values (7, '1457300010', 'Known');
                insert into staging.payers (payer_id, payer_code, payer_name, payer_type) values
                    (8, 'MED01', 'Known payer', 'other'), (9, 'PM100', 'Known too', 'medicaid')""");
        var loader = loader(PENDING);
        loader.load(PLAIN);
        loader.load(SampleFile.ACCEPTED.resolve("coordination-of-benefits.837"));

        assertThat(rows("select provider_id, npi, provider_name, provider_taxonomy from staging.providers"))
                .containsExactly("7|1457300010|Known|207Q00000X");
        assertThat(rows("select payer_id, payer_name, payer_type from staging.payers order by payer_id"))
                .containsExactly("8|Known payer|medicare", "9|Known too|medicaid");
    }

    @Test
    void showsProcessedClaimsInTheViewsAndPendingOnesNot() throws SQLException {
        loader(PENDING).load(PLAIN);
        var processed = new LoadOptions(PatientKey.forSamples(), Arrival.PROCESSED);
        loader(processed).load(SampleFile.ACCEPTED.resolve("drug-and-ambulance.837"));
        database.execute(Role.OWNER, "refresh materialized view analytics.claims_daily_summary");

        assertThat(rows("""
                                select processing_date, total_claims, approved_claims, validation_passed, total_amount
                                from analytics.claims_daily_summary""")).containsExactly("2026-03-03|3|3|3|2544.15");
    }

    @Test
    void keepsNamesAndMemberIdsOutOfTheDatabase() throws SQLException {
        loader(PENDING).load(PLAIN);

        assertThat(rows("""
                                select claim::text || line::text || provider::text || payer::text || file::text
                                from staging.claims_837p as claim join staging.claim_line_items as line using (claim_id),
                                     staging.providers as provider, staging.payers as payer, staging.x12_files as file"""))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row)
                        .contains("PLAIN-1", "LAKESIDE")
                        .doesNotContain("ALDER", "ROWAN", "M-100-01", "1980"));
    }

    @Test
    void saysWhichFileOrDirectoryCannotBeRead() throws IOException {
        var missing = directory.resolve("missing");
        var large = directory.resolve("large.837");
        try (var file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(ClaimFileLoader.SIZE_LIMIT_BYTES + 1);
        }
        var loader = loader(PENDING);

        assertThat(loader.loadDirectory(missing))
                .containsExactly(new LoadOutcome.Rejected(
                        missing, new Rejection(0, "the directory cannot be read: NoSuchFileException")));
        assertThat(loader.load(missing))
                .isEqualTo(new LoadOutcome.Rejected(
                        missing, new Rejection(0, "the file cannot be read: NoSuchFileException")));
        assertThat(loader.load(large))
                .isEqualTo(
                        new LoadOutcome.Rejected(large, new Rejection(0, "the file is larger than 64 MiB: split it")));
    }

    private ClaimFileLoader loader(LoadOptions options) {
        return new ClaimFileLoader(connection, options, CLOCK);
    }

    private List<String> rows(String query) throws SQLException {
        var rows = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            while (result.next()) {
                var row = new ArrayList<String>();
                for (var column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(result.getString(column)));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows;
    }
}
