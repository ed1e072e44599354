package io.viewkeeper.refresher.register;

import io.viewkeeper.refresher.schedule.Method;
import io.viewkeeper.refresher.schedule.ViewPolicy;
import io.viewkeeper.refresher.view.MaterializedView;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    @Nullable
    String refusalText() {
        return refusal == null ? null : refusal.category().wireName() + ": " + refusal.reason();
    }

    @Nullable
    String group() {
        return policy == null ? null : policy.group();
    }

    @Nullable
    Long intervalMillis() {
        return policy == null
                ? null
                : policy.timing().interval().map(Duration::toMillis).orElse(null);
    }

    @Nullable
    Long targetMillis() {
        return policy == null ? null : policy.timing().freshnessTarget().toMillis();
    }

    long jitterMillis() {
        return policy == null ? 0 : policy.timing().jitter().toMillis();
    }

    @Nullable
    String scheduleText() {
        return policy == null ? null : policy.timing().schedule().toString();
    }

    int priority() {
        return policy == null ? 0 : policy.priority();
    }

    boolean consistent() {
        return policy != null && policy.consistent();
    }

    /**
     * No later than this: a shorter interval takes effect at once, and so does a clock that was set back. Null where it is not due
     * at all.
     */
    @Nullable
    Instant latestNext(Instant now) {
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

    /** Whether the register's row must be written; one that would not change is left alone. */
    boolean differsFrom(@Nullable RegisteredView known, Instant now) {
        Instant latest = latestNext(now);
        return known == null
                || !known.saysTheSameOf(this)
                || known.oid() != view.oid()
                || known.priority() != priority()
                || known.consistent() != consistent()
                || known.jitterMillis() != jitterMillis()
                || !Objects.equals(known.intervalMillis(), intervalMillis())
                || !Objects.equals(known.targetMillis(), targetMillis())
                || !Objects.equals(known.schedule(), scheduleText())
                || !known.inputOids().equals(inputOids)
                || ((known.nextDueAt() == null) != (latest == null) && known.suspendedAt() == null)
                || (known.suspendedAt() == null && known.isDueAfter(latest));
    }
}
