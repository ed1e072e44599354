// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * The token with which the demo's user commands the refresher, made at random for each run.
 *
 * @param file what the refresher reads it from; only its owner may
 */
public record OperatorToken(Path file, String token) {
    private static final int BYTES = 32;

    public static OperatorToken create(Path directory) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        var token = HexFormat.of().formatHex(random);
        var file = directory.resolve("operators");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, "demo:" + token + "\n");
        return new OperatorToken(file, token);
    }

    /** For the refresher. */
    public Map<String, String> settings() {
        return Map.of("viewkeeper.security.operator-token-file", file.toString());
    }

    public void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException remains) {
            // It opens nothing any more: the refresher that took it has ended.
        }
    }
}
