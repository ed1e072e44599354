// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes a patient's number: the first 63 bits of HMAC-SHA-256 over what identifies the person. The same person under the
 * same key has the same number in every file, and nobody without the key can tell whose it is. Two of a million patients
 * share a number with a chance of about 1 in 18 million.
 *
 * <p>A person is told by payer, member id, birth date and given name: the members of a family share the first two, twins
 * the third, and a surname changes. Without a member id the surname must do.
 */
public final class PatientKey {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    private PatientKey(byte[] secret) {
        key = new SecretKeySpec(secret, ALGORITHM);
    }

    public static PatientKey of(byte[] secret) {
        return new PatientKey(secret);
    }

    /** A key that everybody knows: stable numbers for sample files, no protection for real ones. */
    public static PatientKey forSamples() {
        return new PatientKey("viewkeeper sample patients".getBytes(StandardCharsets.UTF_8));
    }

    long number(Patient patient) {
        var person = String.join(
                "\u001f",
                folded(patient.payerCode()),
                folded(patient.memberId()),
                folded(patient.memberId().isBlank() ? patient.lastName() : ""),
                folded(patient.firstName()),
                Objects.toString(patient.birthDate(), ""));
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return ByteBuffer.wrap(mac.doFinal(person.getBytes(StandardCharsets.UTF_8)))
                            .getLong()
                    & Long.MAX_VALUE;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }

    /** Senders differ in case and in spaces and dashes of member ids. */
    private static String folded(String text) {
        return text.replaceAll("[\\s\\p{Punct}]", "").toUpperCase(Locale.ROOT);
    }
}
