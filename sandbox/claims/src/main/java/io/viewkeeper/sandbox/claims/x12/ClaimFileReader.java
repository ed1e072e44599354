// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

/** Reads the bytes of one file. Pure: no database, no clock; the same bytes give the same outcome. */
public final class ClaimFileReader {

    private ClaimFileReader() {}

    /** All claims of a sound 837P file, or why it is none. */
    public static ReadOutcome read(byte[] bytes) {
        try (var reader = new SegmentReader(FileText.of(bytes))) {
            var envelopes = new Envelopes();
            for (var segment = reader.next(); segment != null; segment = reader.next()) {
                envelopes.accept(segment);
            }
            return envelopes.finish(reader);
        } catch (RejectedFileException e) {
            return new ReadOutcome.Rejected(e.rejection());
        }
    }
}
