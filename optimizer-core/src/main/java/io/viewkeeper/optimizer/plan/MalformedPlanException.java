// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

/** A text that is no plan; the message says where and why, and holds nothing of the text. */
public final class MalformedPlanException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedPlanException(String place, String fault) {
        super((place.isEmpty() ? "at the top" : place) + ": " + fault);
    }
}
