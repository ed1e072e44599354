// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.access;

import io.viewkeeper.schema.log.LogText;
import io.viewkeeper.schema.log.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mounted file of bearer tokens. It is read anew each time that somebody presents one: commands are rare, the file is
 * small, and a rotated secret is in force at once, however it was swapped.
 */
final class TokenFile {
    private static final int SHORTEST_TOKEN = 16;
    private static final int LONGEST_NAME = 64;
    private static final long MOST_BYTES = 65_536;

    private final String setting;
    private final Path path;
    private final Role role;

    /** @param setting its name, for messages */
    TokenFile(String setting, Path path, Role role) {
        this.setting = setting;
        this.path = path;
        this.role = role;
    }

    private record Entry(String name, String token) {}

    /** The name beside the token. Every token of the file is compared, whichever matches, each in constant time. */
    Optional<String> nameOf(String token) {
        byte[] digest = digest(token);
        String found = null;
        for (var entry : entries()) {
            if (MessageDigest.isEqual(digest(entry.token()), digest)) {
                found = entry.name();
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * How many tokens it holds.
     *
     * @throws UnusableTokenFileException says what is wrong with it, and never what is in it
     */
    int count() {
        return entries().size();
    }

    private List<Entry> entries() {
        List<String> lines = lines();
        var entries = new ArrayList<Entry>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entries.add(entry(line, i + 1));
            }
        }
        return entries;
    }

    private List<String> lines() {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw unusable("is larger than " + MOST_BYTES + " bytes");
            }
            return Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw unusable("cannot be read as UTF-8 text: " + Reason.of(unreadable));
        }
    }

    private Entry entry(String line, int number) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? role.wireName() : line.substring(0, colon).strip();
        String token = line.substring(colon + 1).strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME || !LogText.isPlain(name)) {
            throw unusable("has on line " + number + " a name that is not 1 to " + LONGEST_NAME
                    + " printable characters; a line is name:token, or the token alone");
        }
        if (token.length() < SHORTEST_TOKEN) {
            throw unusable("has on line " + number + " a token of fewer than " + SHORTEST_TOKEN
                    + " characters, which can be guessed; openssl rand -hex 32 makes a good one");
        }
        return new Entry(name, token);
    }

    private UnusableTokenFileException unusable(String what) {
        return new UnusableTokenFileException(setting + "=" + path + " " + what);
    }

    /** Digests are of one length, so that a comparison does not tell how long a token is. */
    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    Role role() {
        return role;
    }

    /** The file is there in the settings only, or something else than a list of tokens. */
    static final class UnusableTokenFileException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UnusableTokenFileException(String message) {
            super(message);
        }
    }
}
