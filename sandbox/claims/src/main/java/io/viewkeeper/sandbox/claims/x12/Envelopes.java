// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Interchanges (ISA … IEA) of functional groups (GS … GE) of transaction sets (ST … SE): each must be closed, counted
 * right, carry the same control number at both ends, and be of the 837P kind. What is inside a set goes to its loops.
 */
final class Envelopes {

    /** 005010X222 with its errata; the guides of institutional and dental claims are X223 and X224. */
    private static final Pattern PROFESSIONAL = Pattern.compile("005010X222(A[12])?");

    private final List<Claim> claims = new ArrayList<>();
    private @Nullable Segment interchange;
    private @Nullable Segment group;
    private @Nullable Segment transactionSet;
    private ClaimLoops loops = new ClaimLoops();
    private DuplicateClaims duplicates = new DuplicateClaims();
    private int interchanges;
    private int groups;
    private int sets;
    private int groupsInInterchange;
    private int setsInGroup;

    void accept(Segment segment) {
        switch (segment.id()) {
            case "ISA" -> openInterchange(segment);
            case "GS" -> openGroup(segment);
            case "ST" -> openSet(segment);
            case "SE" -> closeSet(segment);
            case "GE" -> closeGroup(segment);
            case "IEA" -> closeInterchange(segment);
            case "TA1" -> acknowledgement(segment);
            default -> body(segment);
        }
    }

    /** The claims of the whole file, once its last segment was accepted. */
    ReadOutcome.Accepted finish(SegmentReader reader) {
        var trailer = missingTrailer();
        if (trailer != null) {
            throw new RejectedFileException(reader.count(), "the file ends here, without " + trailer + ": truncated");
        }
        if (reader.truncated()) {
            throw new RejectedFileException(reader.count(), "the file ends in this segment: truncated");
        }
        if (sets == 0) {
            throw new RejectedFileException(reader.count(), "the file holds no transaction set");
        }
        return new ReadOutcome.Accepted(claims, new EnvelopeCounts(interchanges, groups, sets, reader.count()));
    }

    private @Nullable String missingTrailer() {
        if (transactionSet != null) {
            return "the SE of the transaction set begun at segment " + transactionSet.number();
        }
        if (group != null) {
            return "the GE of the functional group begun at segment " + group.number();
        }
        return interchange == null ? null : "the IEA of the interchange begun at segment " + interchange.number();
    }

    private void openInterchange(Segment isa) {
        outside(isa, interchange);
        interchange = isa;
        interchanges++;
        groupsInInterchange = 0;
        duplicates = new DuplicateClaims();
    }

    private void openGroup(Segment gs) {
        inside(gs, interchange, "an interchange");
        outside(gs, group);
        if (!gs.element(1).equals("HC")) {
            throw gs.rejected("GS01 is not HC: the functional group holds no health care claims");
        }
        requireProfessional(gs, 8);
        group = gs;
        groups++;
        groupsInInterchange++;
        setsInGroup = 0;
    }

    private void openSet(Segment st) {
        inside(st, group, "a functional group");
        outside(st, transactionSet);
        if (!st.element(1).equals("837")) {
            throw st.rejected("ST01 is not 837: the transaction set is not a claim");
        }
        if (!st.element(3).isEmpty()) {
            requireProfessional(st, 3);
        }
        transactionSet = st;
        loops = new ClaimLoops();
        sets++;
        setsInGroup++;
    }

    private void body(Segment segment) {
        inside(segment, transactionSet, "a transaction set");
        loops.accept(segment);
    }

    private void closeSet(Segment se) {
        var st = inside(se, transactionSet, "a transaction set");
        requireCount(se, se.number() - st.number() + 1, "segments from ST to SE");
        requireSame(se, st, 2);
        loops.finish(se).forEach(claim -> {
            duplicates.require(claim);
            claims.add(claim);
        });
        transactionSet = null;
    }

    private void closeGroup(Segment ge) {
        outside(ge, transactionSet);
        var gs = inside(ge, group, "a functional group");
        requireCount(ge, setsInGroup, "transaction sets");
        requireSame(ge, gs, 6);
        group = null;
    }

    private void closeInterchange(Segment iea) {
        outside(iea, group);
        var isa = inside(iea, interchange, "an interchange");
        requireCount(iea, groupsInInterchange, "functional groups");
        requireSame(iea, isa, 13);
        interchange = null;
    }

    private void acknowledgement(Segment ta1) {
        inside(ta1, interchange, "an interchange");
        outside(ta1, group);
    }

    private static Segment inside(Segment segment, @Nullable Segment envelope, String what) {
        if (envelope == null) {
            throw segment.rejected(safeId(segment) + " stands outside of " + what);
        }
        return envelope;
    }

    private static void outside(Segment segment, @Nullable Segment envelope) {
        if (envelope != null) {
            throw segment.rejected("%s stands where the %s begun at segment %d is not closed"
                    .formatted(safeId(segment), envelope.id(), envelope.number()));
        }
    }

    private static void requireCount(Segment trailer, int actual, String what) {
        var declared = trailer.count(1);
        if (declared != actual) {
            throw trailer.rejected("%s says %d, there are %d %s".formatted(trailer.name(1), declared, actual, what));
        }
    }

    private static void requireSame(Segment trailer, Segment header, int headerPosition) {
        if (!trailer.required(2).equals(header.required(headerPosition))) {
            throw trailer.rejected("control number %s differs from %s at segment %d"
                    .formatted(trailer.name(2), header.name(headerPosition), header.number()));
        }
    }

    private static void requireProfessional(Segment segment, int position) {
        var version = segment.required(position).toUpperCase(Locale.ROOT);
        if (PROFESSIONAL.matcher(version).matches()) {
            return;
        }
        throw segment.rejected(
                segment.name(position) + " names " + implementation(version) + ", not 837P (005010X222)");
    }

    private static String implementation(String version) {
        if (version.startsWith("005010X223")) {
            return "837I (005010X223, institutional claims)";
        }
        if (version.startsWith("005010X224")) {
            return "837D (005010X224, dental claims)";
        }
        return version.startsWith("004010") ? "a guide of version 4010" : "another guide";
    }

    /** What stands in the place of an id may be anything where a terminator is missing. */
    private static String safeId(Segment segment) {
        return segment.id().matches("[A-Z][A-Z0-9]{1,2}") ? segment.id() : "a segment";
    }
}
