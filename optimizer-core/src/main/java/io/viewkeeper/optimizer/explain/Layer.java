// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

/** What stands between a statement of unknown origin and the database. Each closes a hole that the others leave. */
public enum Layer {
    /** The extended protocol, in which the server itself refuses a second statement. */
    ONE_STATEMENT,
    /** PREPARE takes queries alone; what writes, locks rows or reads elsewhere is planned and never executed. */
    KIND,
    /** A role that could do harm in a read-only transaction explains nothing. */
    ROLE,
    /** Functions that have effects are not executed, and those that would have them while planning are not planned. */
    FUNCTIONS,
    /** Read only, rolled back, limited in time, locks and memory; the session is cleaned; one execution at a time. */
    TRANSACTION,
    /** What would take too long is not executed. */
    CEILING
}
