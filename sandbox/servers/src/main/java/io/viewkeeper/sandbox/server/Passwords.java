// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The one password of a server: a superuser of PostgreSQL can run programs, and loopback is open to all users of a machine. */
final class Passwords {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LENGTH_BYTES = 16;

    private Passwords() {}

    static String random() {
        var bytes = new byte[LENGTH_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The password kept in this file, which is written, for its owner's eyes only, if there is none. */
    static String keptIn(Path file) {
        try {
            if (!Files.exists(file)) {
                var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
                Files.writeString(Files.createFile(file, ownerOnly), random());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Could not keep the password of the sandbox in " + file, e);
        }
    }
}
