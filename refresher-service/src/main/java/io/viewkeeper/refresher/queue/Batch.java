// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What one transaction refreshes: a view, or all views of a consistent group, those that feed others first.
 *
 * @param consistent whether all are to show one snapshot, all or none
 */
public record Batch(List<Attempt> attempts, boolean consistent) {
    public Batch {
        attempts = List.copyOf(attempts);
    }

    @Override
    public String toString() {
        return attempts.stream().map(attempt -> attempt.view().toString()).collect(Collectors.joining(", "));
    }
}
