// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Writes the claims of one file in one transaction. */
final class ClaimStore {

    /** The claims of a file, the hash of its bytes (hexadecimal), and when its reading began. */
    record Batch(Path file, String sha256, List<Claim> claims, Instant started) {}

    /** The primary key makes a second loader of the same file wait for the first one, and then lose. */
    private static final String REGISTER_FILE = """
            /* viewkeeper:x12 */
            insert into staging.x12_files (file_sha256, file_name, claims, loaded_at)
            values (?, ?, ?, ?)
            on conflict (file_sha256) do nothing""";

    private static final String WHEN_LOADED = """
            /* viewkeeper:x12 */
            select loaded_at
            from staging.x12_files
            where file_sha256 = ?""";

    private static final String INSERT_CLAIM = """
            /* viewkeeper:x12 */
            insert into staging.claims_837p (
                claim_control_number, patient_id, provider_id, payer_id, total_amount,
                status, validation_passed, processing_time_ms, received_at, processed_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String INSERT_LINE = """
            /* viewkeeper:x12 */
            insert into staging.claim_line_items (
                claim_id, line_number, procedure_code, diagnosis_code, charge_amount, units, service_date)
            values (?, ?, ?, ?, ?, ?, ?)""";

    private static final int CLAIMS_PER_BATCH = 1_000;

    private final Connection connection;
    private final LoadOptions options;
    private final Clock clock;

    ClaimStore(Connection connection, LoadOptions options, Clock clock) {
        this.connection = connection;
        this.options = options;
        this.clock = clock;
    }

    LoadOutcome store(Batch batch) throws SQLException {
        connection.setAutoCommit(false);
        try {
            if (!register(batch)) {
                return new LoadOutcome.AlreadyLoaded(batch.file(), whenLoaded(batch));
            }
            var parties = new PartyStore(connection);
            var lines = 0;
            for (var first = 0; first < batch.claims().size(); first += CLAIMS_PER_BATCH) {
                var end = Math.min(first + CLAIMS_PER_BATCH, batch.claims().size());
                var part = batch.claims().subList(first, end);
                lines += insertLines(part, insertClaims(part, parties, batch.started()));
            }
            connection.commit();
            return new LoadOutcome.Loaded(batch.file(), batch.claims().size(), lines);
        } finally {
            connection.rollback(); // Nothing to roll back after the commit.
            connection.setAutoCommit(true);
        }
    }

    private boolean register(Batch batch) throws SQLException {
        try (var insert = connection.prepareStatement(REGISTER_FILE)) {
            insert.setString(1, batch.sha256());
            insert.setString(2, String.valueOf(batch.file().getFileName()));
            insert.setInt(3, batch.claims().size());
            insert.setObject(4, timestamp(clock.instant()));
            return insert.executeUpdate() == 1;
        }
    }

    private Instant whenLoaded(Batch batch) throws SQLException {
        try (var select = connection.prepareStatement(WHEN_LOADED)) {
            select.setString(1, batch.sha256());
            try (var row = select.executeQuery()) {
                row.next();
                return row.getObject(1, OffsetDateTime.class).toInstant();
            }
        }
    }

    /** The new claims' ids, in their order. */
    private List<Long> insertClaims(List<Claim> claims, PartyStore parties, Instant started) throws SQLException {
        try (var insert = connection.prepareStatement(INSERT_CLAIM, new String[] {"claim_id"})) {
            for (var claim : claims) {
                insert.setString(1, claim.controlNumber());
                insert.setLong(2, options.patientKey().number(claim.patient()));
                insert.setLong(3, parties.providerId(claim.provider()));
                insert.setLong(4, parties.payerId(claim.payer()));
                insert.setBigDecimal(5, claim.totalAmount());
                setState(insert, started);
                insert.addBatch();
            }
            insert.executeBatch();
            return generatedIds(insert);
        }
    }

    private void setState(PreparedStatement insert, Instant started) throws SQLException {
        var now = clock.instant();
        insert.setObject(9, timestamp(started));
        switch (options.arrival()) {
            case PENDING -> {
                insert.setString(6, "pending");
                insert.setNull(7, Types.BOOLEAN);
                insert.setNull(8, Types.INTEGER);
                insert.setNull(10, Types.TIMESTAMP_WITH_TIMEZONE);
            }
            case PROCESSED -> {
                insert.setString(6, "approved");
                insert.setBoolean(7, true);
                insert.setInt(8, Math.toIntExact(Duration.between(started, now).toMillis()));
                insert.setObject(10, timestamp(now));
            }
        }
    }

    private static List<Long> generatedIds(Statement insert) throws SQLException {
        var ids = new ArrayList<Long>();
        try (var keys = insert.getGeneratedKeys()) {
            while (keys.next()) {
                ids.add(keys.getLong(1));
            }
        }
        return ids;
    }

    private int insertLines(List<Claim> claims, List<Long> claimIds) throws SQLException {
        var lines = 0;
        try (var insert = connection.prepareStatement(INSERT_LINE)) {
            for (var index = 0; index < claims.size(); index++) {
                for (var line : claims.get(index).lines()) {
                    insert.setLong(1, claimIds.get(index));
                    insert.setInt(2, line.number());
                    insert.setString(3, line.procedureCode());
                    insert.setString(4, line.diagnosisCode());
                    insert.setBigDecimal(5, line.charge());
                    insert.setBigDecimal(6, line.units());
                    insert.setObject(7, line.serviceDate());
                    insert.addBatch();
                    lines++;
                }
            }
            insert.executeBatch();
        }
        return lines;
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
