// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.state;

import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.view.MaterializedView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What catalog and settings say of a view.
 *
 * @param policy null: no group asks for it
 * @param refusal {@code category: reason} for which it cannot be refreshed; null when it can
 * @param inputOids other materialized views that it reads
 * @param latestNext it is due no later than this; null where it is not due at all
 */
public record Registration(
        MaterializedView view,
        @Nullable ViewPolicy policy,
        @Nullable String refusal,
        List<Long> inputOids,
        @Nullable Instant latestNext) {
    public Registration {
        inputOids = List.copyOf(inputOids);
    }

    public @Nullable String group() {
        return policy == null ? null : policy.group();
    }

    public @Nullable Long intervalMillis() {
        return policy == null
                ? null
                : policy.timing().interval().map(Duration::toMillis).orElse(null);
    }

    public @Nullable Long targetMillis() {
        return policy == null ? null : policy.timing().freshnessTarget().toMillis();
    }

    public long jitterMillis() {
        return policy == null ? 0 : policy.timing().jitter().toMillis();
    }

    public @Nullable String schedule() {
        return policy == null ? null : policy.timing().schedule().toString();
    }

    public int priority() {
        return policy == null ? 0 : policy.priority();
    }

    public boolean consistent() {
        return policy != null && policy.consistent();
    }
}
