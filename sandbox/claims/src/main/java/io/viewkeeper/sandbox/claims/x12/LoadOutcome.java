// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.nio.file.Path;
import java.time.Instant;

/** What became of one file. */
public sealed interface LoadOutcome {

    Path file();

    /** For people: the file, what became of it and why. */
    String describe();

    /** All of the file's claims are in the database. */
    record Loaded(Path file, int claims, int lines) implements LoadOutcome {
        @Override
        public String describe() {
            return "%s: loaded %d claims with %d lines".formatted(file, claims, lines);
        }
    }

    /** A file with the same bytes was loaded before, under whatever name; nothing was done. */
    record AlreadyLoaded(Path file, Instant loadedAt) implements LoadOutcome {
        @Override
        public String describe() {
            return "%s: refused, a file with the same content was loaded at %s".formatted(file, loadedAt);
        }
    }

    /** Nothing of the file is in the database. */
    record Rejected(Path file, Rejection rejection) implements LoadOutcome {
        @Override
        public String describe() {
            return "%s: rejected, %s".formatted(file, rejection);
        }
    }

    /** It is no claim file, as far as its name and its beginning tell; nothing was done. */
    record Skipped(Path file, String reason) implements LoadOutcome {
        @Override
        public String describe() {
            return "%s: skipped, %s".formatted(file, reason);
        }
    }
}
