// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Loads a generated sample into the empty claims workload: COPY on a few connections into tables without indexes, then
 * the indexes and keys, then VACUUM ANALYZE. It is all or nothing: when it fails, the tables are empty and have their
 * indexes. The process must not be killed meanwhile; a database to which that happened is made anew.
 */
public final class ClaimsLoader {
    private static final int CONNECTIONS = 2;
    private static final int CLAIMS_PER_COPY = 10_000;

    private static final String HAS_CLAIMS = """
            /* viewkeeper:sandbox */ select
              exists (select from staging.claims_837p)
              or exists (select from staging.providers)
              or exists (select from staging.payers)""";

    private static final String EMPTY_TABLES = """
            /* viewkeeper:sandbox */ truncate staging.claims_837p, staging.claim_line_items, staging.validation_results,
              staging.processing_queue, staging.providers, staging.payers restart identity""";

    private static final String CONTINUE_CLAIM_IDS = """
            /* viewkeeper:sandbox */ select pg_catalog.setval(
              pg_catalog.pg_get_serial_sequence('staging.claims_837p', 'claim_id'),
              coalesce((select max(c.claim_id) from staging.claims_837p c), 0) + 1, false)""";

    private static final List<String> TABLES = List.of(
            "staging.claim_line_items",
            "staging.claims_837p",
            "staging.validation_results",
            "staging.processing_queue",
            "staging.providers",
            "staging.payers");

    private final ConnectionSource connections;
    private final GeneratorOptions options;
    private final LoadProgress progress;
    private final CodeBook codes = CodeBook.load();
    private final ClaimsGenerator generator;
    private final AtomicLong nextClaim = new AtomicLong();
    private final AtomicLong checksum = new AtomicLong();
    private final AtomicLong lines = new AtomicLong();
    private long claimsLoaded;

    private ClaimsLoader(ConnectionSource connections, GeneratorOptions options, LoadProgress progress) {
        this.connections = connections;
        this.options = options;
        this.progress = progress;
        generator = new ClaimsGenerator(options, codes);
    }

    /** Fills the tables and returns when they can be queried at full speed. The connections must be the owner's. */
    public static LoadResult load(ConnectionSource connections, GeneratorOptions options, LoadProgress progress)
            throws SQLException {
        long start = System.nanoTime();
        var loader = new ClaimsLoader(connections, options, progress);
        loader.run();
        return new LoadResult(
                options.claims(),
                loader.lines.get(),
                "%016x".formatted(loader.checksum.get()),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private void run() throws SQLException {
        BulkLoadDefinitions definitions = takeIndexesAway();
        try {
            copyDirectories();
            inParallel(Collections.nCopies(CONNECTIONS, this::copyClaims));
        } catch (SQLException | RuntimeException failure) {
            execute(EMPTY_TABLES);
            putIndexesBack(definitions);
            throw failure;
        }
        putIndexesBack(definitions);
        execute(CONTINUE_CLAIM_IDS);
        inSteps(
                "statistics",
                TABLES.stream().map(table -> "vacuum (analyze) " + table).toList());
    }

    private BulkLoadDefinitions takeIndexesAway() throws SQLException {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            try (ResultSet row = statement.executeQuery(HAS_CLAIMS)) {
                row.next();
                if (row.getBoolean(1)) {
                    throw new IllegalStateException(
                            "the sample was not loaded: there are claims, providers or payers already; load it into an empty database");
                }
            }
            BulkLoadDefinitions definitions = BulkLoadDefinitions.read(connection);
            for (String drop : definitions.drops()) {
                statement.execute(drop);
            }
            connection.commit();
            return definitions;
        }
    }

    private void copyDirectories() throws SQLException {
        var providers = new CopyText();
        SampleTables.providers(options, codes, providers);
        var payers = new CopyText();
        SampleTables.payers(codes, payers);
        try (Connection connection = connections.open()) {
            copy(connection, SampleTables.COPY_PROVIDERS, providers);
            copy(connection, SampleTables.COPY_PAYERS, payers);
        }
    }

    /** One connection's share: the next claims that nobody has taken, until there are none. */
    private Void copyClaims() throws SQLException {
        try (Connection connection = connections.open()) {
            asynchronousCommit(connection);
            for (long from = take(); from < options.claims(); from = take()) {
                copyClaims(connection, from, Math.min(from + CLAIMS_PER_COPY, options.claims()));
            }
            return null;
        } catch (SQLException | RuntimeException failure) {
            // The others stop at their next turn: what they load would be thrown away.
            nextClaim.set(options.claims());
            throw failure;
        }
    }

    private long take() {
        return nextClaim.getAndAdd(CLAIMS_PER_COPY);
    }

    private void copyClaims(Connection connection, long from, long to) throws SQLException {
        var claimRows = new CopyText();
        var lineRows = new CopyText();
        var validationRows = new CopyText();
        var queueRows = new CopyText();
        long lineCount = 0;
        for (long index = from; index < to; index++) {
            SampleClaim claim = generator.claim(index);
            SampleTables.claim(claim, claimRows);
            SampleTables.lines(claim, lineRows);
            lineCount += claim.lines().size();
            if (generator.isRecent(index)) {
                SampleTables.validationResults(claim, validationRows);
                SampleTables.queueItems(claim, queueRows);
            }
        }
        copy(connection, SampleTables.COPY_CLAIMS, claimRows);
        copy(connection, SampleTables.COPY_LINES, lineRows);
        copy(connection, SampleTables.COPY_VALIDATION_RESULTS, validationRows);
        copy(connection, SampleTables.COPY_QUEUE, queueRows);
        lines.addAndGet(lineCount);
        loaded(to - from);
    }

    private synchronized void loaded(long claims) {
        claimsLoaded += claims;
        progress.at("claims", claimsLoaded, options.claims());
    }

    private void copy(Connection connection, String sql, CopyText rows) throws SQLException {
        checksum.addAndGet(rows.checksum());
        rows.copyTo(connection, sql);
    }

    private void putIndexesBack(BulkLoadDefinitions definitions) throws SQLException {
        inSteps("primary keys", definitions.primaryKeys());
        inSteps("indexes", definitions.indexes());
        // One after the other: each locks the table that it refers to.
        for (String foreignKey : definitions.foreignKeys()) {
            execute(foreignKey);
        }
    }

    private void inSteps(String step, List<String> statements) throws SQLException {
        var done = new AtomicLong();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (String sql : statements) {
            tasks.add(() -> {
                execute(sql);
                synchronized (this) {
                    progress.at(step, done.incrementAndGet(), statements.size());
                }
                return null;
            });
        }
        inParallel(tasks);
    }

    private static void inParallel(List<Callable<Void>> tasks) throws SQLException {
        try (var pool = Executors.newFixedThreadPool(CONNECTIONS)) {
            for (Future<Void> task : pool.invokeAll(tasks)) {
                task.get();
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof SQLException sqlFailure) {
                throw sqlFailure;
            }
            throw new IllegalStateException("loading the sample", failure.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("loading the sample was interrupted", stopped);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement()) {
            asynchronousCommit(connection);
            statement.execute("set maintenance_work_mem = '256MB'");
            statement.execute(sql);
        }
    }

    private static void asynchronousCommit(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set synchronous_commit = off");
        }
    }
}
