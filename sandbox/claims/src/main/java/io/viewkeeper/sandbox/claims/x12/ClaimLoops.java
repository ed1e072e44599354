// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The loops of one transaction set: which segment belongs to which loop follows from the HL, CLM, SBR and LX segments
 * that open them, because ids recur (NM1*PR is the payer in 2010BB and another payer in 2330B). One part per loop keeps
 * what we read; the loops that we do not read are passed over by name.
 */
final class ClaimLoops {

    private enum Level {
        /** Before the first HL: submitter and receiver (1000A, 1000B). */
        HEADER,
        /** 2000A. */
        BILLING_PROVIDER,
        /** 2000B. */
        SUBSCRIBER,
        /** 2000C. */
        PATIENT,
        /** 2300 and 2310. */
        CLAIM,
        /** 2320 and 2330: what other payers know of the claim. */
        OTHER_SUBSCRIBER,
        /** 2400 to 2440. */
        LINE
    }

    /** The segments of X12's 837; of its seven kinds of service line the professional one and its equipment part. */
    private static final Set<String> SEGMENTS = Set.of(
            "AMT", "BHT", "CAS", "CL1", "CLM", "CN1", "CR1", "CR2", "CR3", "CR4", "CR5", "CR6", "CR7", "CR8", "CRC",
            "CTP", "CUR", "DMG", "DN1", "DN2", "DSB", "DTP", "FRM", "HCP", "HI", "HL", "HSD", "IMM", "K3", "LIN", "LQ",
            "LX", "MEA", "MIA", "MOA", "N2", "N3", "N4", "NM1", "NTE", "OI", "PAT", "PER", "PRV", "PS1", "PWK", "QTY",
            "REF", "SBR", "SV1", "SV5", "SVD", "TOO", "UR");

    private final List<Claim> claims = new ArrayList<>();
    private Level level = Level.HEADER;
    private @Nullable BillingProviderLoop billingProvider;
    private @Nullable SubscriberLoop subscriber;
    private @Nullable PatientLoop patient;
    private @Nullable ClaimLoop claim;

    void accept(Segment segment) {
        switch (segment.id()) {
            case "HL" -> openLevel(segment);
            case "CLM" -> openClaim(segment);
            case "SBR" -> subscriberInformation(segment);
            case "LX" -> openLine(segment);
            case "SV2" -> throw segment.rejected("SV2 is an institutional service line: not 837P");
            case "SV3" -> throw segment.rejected("SV3 is a dental service line: not 837P");
            default -> content(segment);
        }
    }

    /** The claims of the set, in order. */
    List<Claim> finish(Segment trailer) {
        closeClaim();
        if (claims.isEmpty()) {
            throw trailer.rejected("the transaction set holds no claim (CLM)");
        }
        return claims;
    }

    private void openLevel(Segment hl) {
        closeClaim();
        patient = null;
        switch (hl.required(3)) {
            case "20" -> {
                billingProvider = new BillingProviderLoop(hl);
                subscriber = null;
                level = Level.BILLING_PROVIDER;
            }
            case "22" -> {
                requireParent(hl, billingProvider == null ? null : billingProvider.hierarchy());
                subscriber = new SubscriberLoop(hl);
                level = Level.SUBSCRIBER;
            }
            case "23" -> {
                requireParent(hl, subscriber == null ? null : subscriber.hierarchy());
                patient = new PatientLoop();
                level = Level.PATIENT;
            }
            default -> throw hl.rejected("HL03 is none of 20, 22 and 23");
        }
    }

    private static void requireParent(Segment hl, @Nullable Segment parent) {
        if (parent == null || !hl.element(2).equals(parent.element(1))) {
            throw hl.rejected("HL02 does not name the enclosing level");
        }
    }

    private void openClaim(Segment clm) {
        closeClaim();
        if (billingProvider == null || subscriber == null) {
            throw clm.rejected("CLM stands outside of a subscriber's level (HL03 22)");
        }
        var payer = subscriber.payer(clm);
        var identity = patient == null
                ? subscriber.patient(clm, payer)
                : patient.patient(clm, payer, subscriber.memberId(clm));
        claim = new ClaimLoop(clm, billingProvider.provider(clm), identity, payer);
        level = Level.CLAIM;
    }

    private void closeClaim() {
        if (claim != null) {
            claims.add(claim.finish());
            claim = null;
        }
    }

    private void subscriberInformation(Segment sbr) {
        switch (level) {
            case SUBSCRIBER -> content(sbr);
            case CLAIM, OTHER_SUBSCRIBER -> level = Level.OTHER_SUBSCRIBER;
            case HEADER, BILLING_PROVIDER, PATIENT, LINE ->
                throw sbr.rejected("SBR stands neither at a subscriber's level nor in a claim before its lines");
        }
    }

    private void openLine(Segment lx) {
        if (claim == null) {
            throw lx.rejected("LX stands outside of a claim");
        }
        claim.openLine(lx);
        level = Level.LINE;
    }

    private void content(Segment segment) {
        if (!SEGMENTS.contains(segment.id())) {
            throw segment.rejected("not a segment of an 837P");
        }
        if (segment.is("SV1") && level != Level.LINE) {
            throw segment.rejected("SV1 stands outside of a service line (LX)");
        }
        switch (level) {
            case BILLING_PROVIDER -> open(billingProvider).accept(segment);
            case SUBSCRIBER -> open(subscriber).accept(segment);
            case PATIENT -> open(patient).accept(segment);
            case CLAIM -> open(claim).accept(segment);
            case LINE -> open(claim).acceptInLine(segment);
            case HEADER, OTHER_SUBSCRIBER -> {
                // Nothing in there is ours.
            }
        }
    }

    private static <T> T open(@Nullable T loop) {
        if (loop == null) {
            throw new IllegalStateException("A level without its loop");
        }
        return loop;
    }
}
