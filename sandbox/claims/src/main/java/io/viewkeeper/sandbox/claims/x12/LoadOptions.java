// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims.x12;

/** How the claims of a file enter the workload: under which patient numbers, and in which state. */
public record LoadOptions(PatientKey patientKey, Arrival arrival) {

    /** The state of a claim that was just loaded. */
    public enum Arrival {
        /** Waiting to be validated and adjudicated; in no analytics view until then. */
        PENDING,

        /**
         * Approved as billed at the moment of loading, so that the views show it: for a demonstration. The reader's checks
         * (balance, pointers, dates) count as its validation, and the time they took as its processing time.
         */
        PROCESSED
    }
}
