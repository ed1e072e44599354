// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The sample files, and what reading gives, in a form that can be compared at a glance. */
final class SampleFile {

    static final Path ACCEPTED = directory("accepted");
    static final Path REJECTED = directory("rejected");

    private SampleFile() {}

    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The plainest file: 32 segments, one to a line; its CLM is segment 22. */
    static String plain() {
        return new String(bytes(ACCEPTED.resolve("plain.837")), StandardCharsets.UTF_8);
    }

    static ReadOutcome read(String text) {
        return ClaimFileReader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    static List<Claim> claims(ReadOutcome outcome) {
        return switch (outcome) {
            case ReadOutcome.Accepted accepted -> accepted.claims();
            case ReadOutcome.Rejected rejected -> throw new AssertionError(rejected.rejection());
        };
    }

    static Rejection rejection(ReadOutcome outcome) {
        assertThat(outcome).isInstanceOf(ReadOutcome.Rejected.class);
        return ((ReadOutcome.Rejected) outcome).rejection();
    }

    /** A line for each claim and, indented, for each of its service lines. */
    static String summary(List<Claim> claims) {
        var text = new StringBuilder();
        for (var claim : claims) {
            var provider = claim.provider();
            var payer = claim.payer();
            text.append("%s %s | %s %s %s | %s %s %s%n"
                    .formatted(
                            claim.controlNumber(),
                            claim.totalAmount(),
                            provider.npi(),
                            provider.name(),
                            provider.taxonomy(),
                            payer.code(),
                            payer.name(),
                            payer.type()));
            for (var line : claim.lines()) {
                text.append("  %d %s %s %s x %s on %s%n"
                        .formatted(
                                line.number(),
                                line.procedureCode(),
                                line.diagnosisCode(),
                                line.charge(),
                                line.units().toPlainString(),
                                line.serviceDate()));
            }
        }
        return text.toString();
    }

    private static Path directory(String name) {
        try {
            var url = Objects.requireNonNull(SampleFile.class.getResource("/x12/" + name));
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
