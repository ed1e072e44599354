// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.register;

import io.viewkeeper.refresher.schedule.Method;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.state.Registration;
import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the settings want of a view that is in the catalog.
 *
 * @param policy null: no group asks for it
 * @param refusal why it cannot be had; null when it can
 * @param inputOids other materialized views that it reads
 * @param standstill another view of its consistent group that is suspended; null when there is none
 */
record Wanted(
        MaterializedView view,
        @Nullable ViewPolicy policy,
        Method.@Nullable Refuse refusal,
        List<Long> inputOids,
        @Nullable Standstill standstill) {

    /**
     * A consistent group waits for a suspended view of it.
     *
     * @param until null: until somebody resumes it
     */
    record Standstill(ViewName member, @Nullable Instant until) {}

    Wanted refusedFor(Method.Refuse why) {
        return new Wanted(view, policy, why, inputOids, standstill);
    }

    /** What is refreshed in one transaction: its consistent group, or itself. */
    Object unit() {
        return policy != null && policy.consistent() ? policy.group() : view.oid();
    }

    /** A consistent group of which one view is refused has no snapshot that all could show. */
    Wanted allOrNone(Map<String, ViewName> obstacles) {
        if (policy == null || refusal != null || !policy.consistent()) {
            return this;
        }
        ViewName obstacle = obstacles.get(policy.group());
        return obstacle == null
                ? this
                : refusedFor(new Method.Refuse(
                        ErrorCategory.OTHER,
                        "its group is consistent, and " + obstacle + " of the same group is refused"));
    }

    Registration registration(Instant now) {
        String why = refusal == null ? null : refusal.category().wireName() + ": " + refusal.reason();
        return new Registration(view, policy, why, inputOids, latestNext(now));
    }

    /**
     * No later than this: a shorter interval takes effect at once, and so does a clock that was set back. Null where it is not due
     * at all.
     */
    private @Nullable Instant latestNext(Instant now) {
        if (policy == null || refusal != null) {
            return null;
        }
        Instant regular = policy.timing().latestNext(now);
        if (standstill == null) {
            return regular;
        }
        Instant until = standstill.until();
        return until == null || until.isAfter(regular) ? until : regular;
    }
}
