// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Loads X12 837P files into {@code staging}, each in a transaction of its own: a file is in the database whole or not at
 * all, and a rejected one does not keep the others out. The connection is used by nobody else meanwhile, and belongs to
 * the owner of the tables.
 */
public final class ClaimFileLoader {

    /** A file is read as a whole; clearing houses stop at 5,000 claims a transaction set, some 10 MB. */
    static final long SIZE_LIMIT_BYTES = 64L << 20;

    private static final Set<String> EXTENSIONS = Set.of("837", "edi", "txt");

    /** A byte-order mark and blanks may stand before the ISA. */
    private static final int BEGINNING_BYTES = 1024;

    private final ClaimStore store;
    private final Clock clock;

    public ClaimFileLoader(Connection connection, LoadOptions options, Clock clock) {
        store = new ClaimStore(connection, options, clock);
        this.clock = clock;
    }

    /**
     * Every file of the directory that begins as X12 does, whatever its name, and every {@code .837}, {@code .edi} and {@code .txt}
     * file, by name. What is neither is skipped, with the reason.
     */
    public List<LoadOutcome> loadDirectory(Path directory) {
        List<Path> files;
        try (var entries = Files.list(directory)) {
            files = entries.sorted().toList();
        } catch (IOException e) {
            return List.of(rejected(directory, "the directory cannot be read: " + reason(e)));
        }
        return files.stream().map(this::loadOrSkip).toList();
    }

    private LoadOutcome loadOrSkip(Path file) {
        if (Files.isDirectory(file)) {
            return new LoadOutcome.Skipped(file, "it is a folder, and only the folder that was named is read");
        }
        if (!Files.isRegularFile(file)) {
            return new LoadOutcome.Skipped(file, "it is no regular file");
        }
        try {
            return isCalledClaimFile(file) || beginsWithIsa(file)
                    ? load(file)
                    : new LoadOutcome.Skipped(
                            file,
                            "its name does not end in .837, .edi or .txt, and it does not begin with an ISA segment");
        } catch (IOException e) {
            return rejected(file, "the file cannot be read: " + reason(e));
        }
    }

    private static boolean beginsWithIsa(Path file) throws IOException {
        try (var input = Files.newInputStream(file)) {
            var beginning = new String(input.readNBytes(BEGINNING_BYTES), StandardCharsets.UTF_8);
            return beginning.replaceFirst("^\uFEFF", "").stripLeading().startsWith("ISA");
        }
    }

    /** One file, whatever its name. */
    public LoadOutcome load(Path file) {
        var started = clock.instant();
        byte[] bytes;
        try {
            if (Files.size(file) > SIZE_LIMIT_BYTES) {
                return rejected(file, "the file is larger than " + (SIZE_LIMIT_BYTES >> 20) + " MiB: split it");
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            return rejected(file, "the file cannot be read: " + reason(e));
        }
        return switch (ClaimFileReader.read(bytes)) {
            case ReadOutcome.Rejected(var rejection) -> new LoadOutcome.Rejected(file, rejection);
            case ReadOutcome.Accepted accepted ->
                store(new ClaimStore.Batch(file, sha256(bytes), accepted.claims(), started));
        };
    }

    private LoadOutcome store(ClaimStore.Batch batch) {
        try {
            return store.store(batch);
        } catch (SQLException e) {
            var state = String.valueOf(e.getSQLState());
            if (state.startsWith("22") || state.startsWith("23")) {
                return rejected(batch.file(), "the database refuses a value of it, SQLSTATE " + state);
            }
            // The server's message may quote a row; the driver's own and the state say enough.
            throw new IllegalStateException("Loading " + batch.file() + " failed, SQLSTATE " + state);
        }
    }

    private static boolean isCalledClaimFile(Path file) {
        var name = file.getFileName().toString();
        return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    private static LoadOutcome rejected(Path file, String reason) {
        return new LoadOutcome.Rejected(file, new Rejection(0, reason));
    }

    private static String reason(IOException exception) {
        return exception.getClass().getSimpleName();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
