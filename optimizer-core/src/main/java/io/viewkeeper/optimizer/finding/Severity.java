// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

/** How much there is to win. */
public enum Severity {
    /** Worth knowing. */
    INFO,
    /** Worth doing. */
    WARNING,
    /** Most of the statement's time, or a plan that gets worse as tables grow. */
    CRITICAL
}
