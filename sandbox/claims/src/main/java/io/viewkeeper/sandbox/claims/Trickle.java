// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import io.viewkeeper.sandbox.claims.SampleClaim.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Keeps the sample alive: at each tick a few claims arrive, the claims that have waited longest are processed, and a few
 * decisions on older claims are reversed, so that every view has something to refresh. Not for two threads at once.
 */
public final class Trickle {
    private static final int ARRIVALS = 8;
    private static final int DECISIONS = 10;
    private static final int REVERSALS = 4;

    private static final String RESERVE_CLAIM_IDS = """
            /* viewkeeper:sandbox */ select
              pg_catalog.nextval(pg_catalog.pg_get_serial_sequence('staging.claims_837p', 'claim_id')) as claim_id
            from pg_catalog.generate_series(1, ?)""";

    private static final String LONGEST_WAITING = """
            /* viewkeeper:sandbox */ select c.claim_id, coalesce(c.payer_id, 1) as payer_id
            from staging.claims_837p c
            where c.processed_at is null
            order by c.received_at, c.claim_id
            limit ?
            for update skip locked""";

    private static final String DECIDE = """
            /* viewkeeper:sandbox */ update staging.claims_837p
            set status = ?, denial_reason_code = ?, validation_passed = ?, processing_time_ms = ?, processed_at = ?
            where claim_id = ?""";

    private static final String LEAVE_QUEUE = """
            /* viewkeeper:sandbox */ update staging.processing_queue
            set status = 'completed', attempts = attempts + 1, started_at = coalesce(started_at, ?), finished_at = ?
            where claim_id = ? and status in ('queued', 'processing')""";

    /** 50: the payer does not see that the service was necessary. */
    private static final String REVERSE = """
            /* viewkeeper:sandbox */ update staging.claims_837p
            set
              status = case when status = 'approved' then 'denied' else 'approved' end,
              denial_reason_code = case when status = 'approved' then '50' end
            where claim_id = any (?)
              and processed_at is not null""";

    private final ClaimsGenerator generator;
    private final GeneratorOptions options;
    private final Clock clock;
    private final SplittableRandom random;

    /** Continues the sample that was loaded with these options. */
    public Trickle(GeneratorOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
        generator = new ClaimsGenerator(options, CodeBook.load());
        random = new SplittableRandom(options.seed());
    }

    /** What one tick did. */
    public record Tick(int arrived, int processed, int reversed) {}

    /** One tick, in one transaction on a connection of the owner of the tables. */
    public Tick tick(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var tick = new Tick(arrive(connection, now), decide(connection, now), reverse(connection));
            connection.commit();
            return tick;
        } catch (SQLException | RuntimeException failure) {
            connection.rollback();
            throw failure;
        } finally {
            connection.setAutoCommit(autoCommit);
        }
    }

    private int arrive(Connection connection, Instant now) throws SQLException {
        var claims = new CopyText();
        var lines = new CopyText();
        var queueItems = new CopyText();
        int count = 1 + random.nextInt(2 * ARRIVALS - 1);
        try (PreparedStatement statement = connection.prepareStatement(RESERVE_CLAIM_IDS)) {
            statement.setInt(1, count);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    SampleClaim claim = generator.arriving(row.getLong("claim_id") - 1, now.minusSeconds(1));
                    SampleTables.claim(claim, claims);
                    SampleTables.lines(claim, lines);
                    SampleTables.queueItems(claim, queueItems);
                }
            }
        }
        claims.copyTo(connection, SampleTables.COPY_CLAIMS);
        lines.copyTo(connection, SampleTables.COPY_LINES);
        queueItems.copyTo(connection, SampleTables.COPY_QUEUE);
        return count;
    }

    private record Waiting(long claimId, int payer) {}

    private int decide(Connection connection, Instant now) throws SQLException {
        List<Waiting> waiting = longestWaiting(connection, 1 + random.nextInt(2 * DECISIONS - 1));
        var validationResults = new CopyText();
        OffsetDateTime time = now.atOffset(ZoneOffset.UTC);
        try (PreparedStatement decide = connection.prepareStatement(DECIDE);
                PreparedStatement leaveQueue = connection.prepareStatement(LEAVE_QUEUE)) {
            for (Waiting claim : waiting) {
                Outcome outcome = generator.decision(claim.payer(), now, random);
                decide.setString(1, outcome.status());
                decide.setString(2, outcome.denialReasonCode());
                decide.setObject(3, outcome.validationPassed(), Types.BOOLEAN);
                decide.setObject(4, outcome.processingTimeMillis(), Types.INTEGER);
                decide.setObject(5, time);
                decide.setLong(6, claim.claimId());
                decide.addBatch();
                leaveQueue.setObject(1, time);
                leaveQueue.setObject(2, time);
                leaveQueue.setLong(3, claim.claimId());
                leaveQueue.addBatch();
                SampleTables.validationResults(claim.claimId(), outcome.validationPassed(), now, validationResults);
            }
            decide.executeBatch();
            leaveQueue.executeBatch();
        }
        validationResults.copyTo(connection, SampleTables.COPY_VALIDATION_RESULTS);
        return waiting.size();
    }

    private static List<Waiting> longestWaiting(Connection connection, int count) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LONGEST_WAITING)) {
            statement.setInt(1, count);
            var waiting = new ArrayList<Waiting>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    waiting.add(new Waiting(row.getLong("claim_id"), (int) (row.getLong("payer_id") - 1)));
                }
            }
            return waiting;
        }
    }

    private int reverse(Connection connection) throws SQLException {
        var claimIds = new Object[REVERSALS];
        for (int i = 0; i < REVERSALS; i++) {
            claimIds[i] = 1 + random.nextLong(Math.max(1, options.claims()));
        }
        try (PreparedStatement statement = connection.prepareStatement(REVERSE)) {
            statement.setArray(1, connection.createArrayOf("bigint", claimIds));
            return statement.executeUpdate();
        }
    }
}
