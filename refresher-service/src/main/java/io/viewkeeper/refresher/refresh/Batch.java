package io.viewkeeper.refresher.refresh;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What one transaction refreshes: a view, or all views of a consistent group, those that feed others first.
 *
 * @param consistent whether all are to show one snapshot, all or none
 */
record Batch(List<Attempt> attempts, boolean consistent) {
    Batch {
        attempts = List.copyOf(attempts);
    }

    @Override
    public String toString() {
        return attempts.stream().map(attempt -> attempt.view().toString()).collect(Collectors.joining(", "));
    }
}
