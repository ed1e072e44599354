// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

/** Told how far a long step is. Called from several threads, never from two at once. */
@FunctionalInterface
public interface LoadProgress {
    /** For those who do not look. */
    LoadProgress SILENT = (step, done, total) -> {};

    /** {@code done} of {@code total} units of the step are finished; they are equal when the step is. */
    void at(String step, long done, long total);
}
