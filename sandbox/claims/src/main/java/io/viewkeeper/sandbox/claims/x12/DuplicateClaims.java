// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.util.HashMap;
import java.util.Map;

/**
 * One provider sends a claim control number (CLM01) once in an interchange; the second one is the same claim again, or
 * a mistake that would join two patients' accounts. Interchanges of one file are transmissions of their own.
 */
final class DuplicateClaims {

    private record Key(String provider, String controlNumber) {}

    private final Map<Key, Integer> segments = new HashMap<>();

    void require(Claim claim) {
        var biller = claim.billingProvider();
        var key = new Key(biller.npi() == null ? biller.name() : biller.npi(), claim.controlNumber());
        var earlier = segments.putIfAbsent(key, claim.segmentNumber());
        if (earlier != null) {
            throw new RejectedFileException(
                    claim.segmentNumber(), "CLM01 repeats the claim control number of segment " + earlier);
        }
    }
}
