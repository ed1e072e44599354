// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An authority and a server's certificate of it, made on the spot with the JDK's keytool, as files: PEM for PostgreSQL, PKCS 12
 * for Kafka. Good for a day, and for nothing but tests.
 */
public final class Certificates {
    /** Of the stores, which hold no secret that anybody could use. */
    public static final String STORE_PASSWORD = "not-a-secret";

    private static final long LIMIT_MINUTES = 5;
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes them.
     *
     * @param directory for the files; created
     * @param names of the server, as in {@code ip:127.0.0.1} or {@code dns:localhost}
     */
    public static Certificates make(Path directory, String names) {
        try {
            Files.createDirectories(directory);
            var made = new Certificates(directory);
            made.pair("authority", "-ext", "bc:c");
            made.pair("server");
            var request = made.file("server.csr");
            made.keytool(
                    "-certreq", "-alias", "server", "-keystore", made.store("server"), "-file", request.toString());
            made.keytool(
                    "-gencert",
                    "-alias",
                    "authority",
                    "-keystore",
                    made.store("authority"),
                    "-infile",
                    request.toString(),
                    "-outfile",
                    made.serverCertificate().toString(),
                    "-rfc",
                    "-validity",
                    "1",
                    "-ext",
                    "san=" + names);
            made.keytool(
                    "-exportcert",
                    "-alias",
                    "authority",
                    "-keystore",
                    made.store("authority"),
                    "-rfc",
                    "-file",
                    made.authority().toString());
            made.importInto("server", "authority", made.authority());
            made.importInto("server", "server", made.serverCertificate());
            made.importInto("trust", "authority", made.authority());
            made.writeKey();
            return made;
        } catch (IOException | GeneralSecurityException e) {
            throw new SandboxServerException("Could not make certificates in " + directory, e);
        }
    }

    /** The authority's certificate, in PEM. */
    public Path authority() {
        return file("authority.pem");
    }

    /** The server's certificate, in PEM. */
    public Path serverCertificate() {
        return file("server.pem");
    }

    /** The server's key, in PEM, for its owner's eyes only. */
    public Path serverKey() {
        return file("server.key");
    }

    /** Key and certificates of the server, PKCS 12. */
    public Path serverStore() {
        return file("server.p12");
    }

    /** The authority's certificate alone, PKCS 12. */
    public Path trustStore() {
        return file("trust.p12");
    }

    private void pair(String alias, String... more) throws IOException {
        var words = new ArrayList<>(List.of(
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + alias,
                "-validity",
                "1",
                "-keystore",
                store(alias)));
        words.addAll(List.of(more));
        keytool(words.toArray(String[]::new));
    }

    private void importInto(String store, String alias, Path certificate) throws IOException {
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                alias,
                "-keystore",
                store(store),
                "-file",
                certificate.toString());
    }

    private void writeKey() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var content = Files.newInputStream(serverStore())) {
            store.load(content, STORE_PASSWORD.toCharArray());
        }
        var key = store.getKey("server", STORE_PASSWORD.toCharArray());
        Files.createFile(
                serverKey(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                serverKey(),
                "-----BEGIN PRIVATE KEY-----\n" + LINES.encodeToString(key.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n",
                StandardCharsets.US_ASCII);
    }

    private String store(String name) {
        return file(name + ".p12").toString();
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private void keytool(String... words) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(words));
        command.addAll(List.of("-storepass", STORE_PASSWORD, "-storetype", "PKCS12"));
        // keytool runs for a moment only, so the second compiler would cost more than it saves.
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        var output = file("keytool.log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new SandboxServerException(
                        "keytool " + words[0] + " failed: " + Files.readString(output, StandardCharsets.UTF_8));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxServerException("Interrupted while keytool ran", e);
        }
    }
}
