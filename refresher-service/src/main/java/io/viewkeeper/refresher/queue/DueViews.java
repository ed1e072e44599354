// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.queue;

import io.vertx.sqlclient.Row;
import io.viewkeeper.refresher.register.Circles;
import io.viewkeeper.refresher.schedule.Policies;
import io.viewkeeper.refresher.view.ViewNames;
import io.viewkeeper.schema.database.Instants;
import io.viewkeeper.schema.database.Session;
import io.viewkeeper.schema.event.RefreshTrigger;
import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which due views may begin now: by priority, then by due time, those that feed others first. Read page by page, so that
 * the first of ten thousand are found without looking at the rest.
 */
final class DueViews {
    private static final int PAGE = 200;

    private static final String PAGE_OF_DUE = """
        /* viewkeeper:due-views */
        select
          s.view_schema, s.view_name, s.view_oid::bigint as view_oid, s.view_group, s.consistent, s.priority, s.next_due_at, s.due_trigger, s.jitter_ms,
          s.input_oids::bigint[] as input_oids, s.wait_reason
        from viewkeeper.view_state s
        where s.next_due_at <= $1
          and s.dropped_at is null
          and s.refusal is null
          and s.priority >= $2
        order by s.priority desc, s.next_due_at, s.view_schema, s.view_name
        limit $3
        offset $4
        """;

    private static final String RUNNING = """
        /* viewkeeper:due-views */
        select r.view_oid::bigint, r.view_schema, r.view_name, r.view_group, r.scheduled_at
        from viewkeeper.refresh_run r
        order by r.view_schema, r.view_name
        """;

    private static final String INPUTS = """
        /* viewkeeper:due-views */
        select
          c.oid::bigint as view_oid, n.nspname as view_schema, c.relname as view_name, c.relispopulated, i.view_group, coalesce(i.priority, 0) as priority, i.next_due_at, i.read_at,
          coalesce(i.consecutive_failures, 0) as consecutive_failures,
          i.consistent is true and exists (
            select
            from viewkeeper.view_state m
            where m.view_group = i.view_group
              and m.dropped_at is null
              and m.suspended_at is not null
              and (m.next_due_at is null or m.next_due_at > $2)
          ) as held
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join viewkeeper.view_state i on i.view_oid = c.oid and i.dropped_at is null and i.refusal is null
        where c.oid = any ($1::bigint[]::oid[])
        """;

    private static final String WHOLE_GROUP = """
        /* viewkeeper:due-views */
        select
          m.view_schema,
          m.view_name,
          m.suspended_at is not null and (m.next_due_at is null or m.next_due_at > $2) as waits,
          case when m.refusal is null then m.input_oids else '{}' end::bigint[] as input_oids
        from viewkeeper.view_state m
        where m.view_group = $1
          and m.dropped_at is null
        order by m.view_schema, m.view_name
        """;

    /** @param suspended the members for which it waits */
    private record WholeGroup(List<ViewName> suspended, List<Long> inputs) {}

    /** @param roundEndsAt by when an input of the same round is due, by its jitter, at the latest */
    record Due(
            ViewName view,
            long oid,
            String group,
            boolean consistent,
            Instant nextDueAt,
            Instant roundEndsAt,
            Duration jitter,
            List<Long> inputs,
            @Nullable String saidToWaitFor) {
        static Due read(Row row) {
            Instant due = Instants.of(row, "next_due_at");
            var jitter = Duration.ofMillis(row.getLong("jitter_ms"));
            // Who asked for the view now waits for what is due already, and for nothing else.
            var trigger = new RefreshTrigger(row.getString("due_trigger"));
            boolean asked = trigger.equals(RefreshTrigger.MANUAL) || trigger.equals(RefreshTrigger.REQUEST);
            return new Due(
                    ViewNames.of(row),
                    row.getLong("view_oid"),
                    row.getString("view_group"),
                    row.getBoolean("consistent"),
                    due,
                    asked ? due : due.plus(jitter),
                    jitter,
                    List.of(row.getArrayOfLongs("input_oids")),
                    row.getString("wait_reason"));
        }
    }

    /** @param held its consistent group waits for a member that is suspended */
    record Input(
            long oid,
            ViewName view,
            boolean populated,
            @Nullable String group,
            int priority,
            @Nullable Instant nextDueAt,
            @Nullable Instant readAt,
            int failures,
            boolean held) {
        static Input read(Row row) {
            return new Input(
                    row.getLong("view_oid"),
                    ViewNames.of(row),
                    row.getBoolean("relispopulated"),
                    row.getString("view_group"),
                    row.getInteger("priority"),
                    Instants.orNull(row, "next_due_at"),
                    Instants.orNull(row, "read_at"),
                    row.getInteger("consecutive_failures"),
                    row.getBoolean("held"));
        }
    }

    private record Running(long oid, ViewName view, String group, Instant scheduledAt) {
        static Running read(Row row) {
            return new Running(
                    row.getLong("view_oid"),
                    ViewNames.of(row),
                    row.getString("view_group"),
                    Instants.of(row, "scheduled_at"));
        }
    }

    private final Session session;
    private final Instant now;
    private final Policies policies;
    private final Circles circles;
    private final int lowestPriority;
    private final Map<Long, Running> running = new HashMap<>();
    private final Map<String, WholeGroup> groups = new HashMap<>();
    private final Map<ViewName, @Nullable String> news = new HashMap<>();

    /**
     * @param policies views that they know are this process's business
     * @param circles within which nobody waits
     * @param lowestPriority views of a lower one wait, and nobody waits for them
     */
    DueViews(Session session, Instant now, Policies policies, Circles circles, int lowestPriority) {
        this.session = session;
        this.now = now;
        this.policies = policies;
        this.circles = circles;
        this.lowestPriority = lowestPriority;
        session.query(RUNNING, Running::read).forEach(run -> running.put(run.oid(), run));
    }

    /** At most so many; of a consistent group one view stands for all. */
    List<Due> startable(int most) {
        var chosen = new LinkedHashMap<Object, Due>();
        for (int offset = 0; chosen.size() < most; offset += PAGE) {
            List<Due> page =
                    session.query(PAGE_OF_DUE, Due::read, Instants.parameter(now), lowestPriority, PAGE, offset);
            Map<Long, Input> inputs = inputsOf(page);
            page.stream()
                    .filter(due -> policies.of(due.view()).isPresent())
                    .filter(due -> !isRunning(due.view()))
                    .forEach(due -> {
                        Optional<Wait> wait = wait(due, inputs);
                        note(due, wait.map(Wait::toString).orElse(null));
                        if (wait.isEmpty()) {
                            chosen.putIfAbsent(due.consistent() ? due.group() : due.view(), due);
                        }
                    });
            if (page.size() < PAGE) {
                break;
            }
        }
        return chosen.values().stream().limit(most).toList();
    }

    /** What the views that were looked at wait for, where that is not what their rows say; null: for nothing but a place. */
    Map<ViewName, @Nullable String> news() {
        return news;
    }

    private void note(Due due, @Nullable String waitsFor) {
        if (!Objects.equals(due.saidToWaitFor(), waitsFor)) {
            news.put(due.view(), waitsFor);
        }
    }

    private Optional<Wait> wait(Due due, Map<Long, Input> inputs) {
        if (due.consistent()) {
            if (running.values().stream().anyMatch(run -> run.group().equals(due.group()))) {
                return Optional.of(new Wait(Wait.Reason.GROUP, "its group is being refreshed without it"));
            }
            List<ViewName> suspended = wholeGroup(due.group()).suspended();
            if (!suspended.isEmpty()) {
                return Optional.of(
                        new Wait(Wait.Reason.GROUP, suspended.getFirst() + " of its consistent group is suspended"));
            }
        }
        return inputs(due).stream()
                .map(oid -> goesBefore(oid, inputs.get(oid), due))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Map<Long, Input> inputsOf(List<Due> page) {
        var oids = new ArrayList<Long>();
        page.forEach(due -> oids.addAll(inputs(due)));
        var inputs = new HashMap<Long, Input>();
        if (!oids.isEmpty()) {
            session.query(INPUTS, Input::read, oids.toArray(Long[]::new), Instants.parameter(now))
                    .forEach(input -> inputs.put(input.oid(), input));
        }
        return inputs;
    }

    /** A consistent group waits for the inputs of all its views. */
    private List<Long> inputs(Due due) {
        return due.consistent() ? wholeGroup(due.group()).inputs() : due.inputs();
    }

    private WholeGroup wholeGroup(String group) {
        return groups.computeIfAbsent(group, _ -> {
            List<WholeGroup> members = session.query(
                    WHOLE_GROUP,
                    row -> new WholeGroup(
                            row.getBoolean("waits") ? List.of(ViewNames.of(row)) : List.of(),
                            List.of(row.getArrayOfLongs("input_oids"))),
                    group,
                    Instants.parameter(now));
            return new WholeGroup(
                    members.stream()
                            .flatMap(member -> member.suspended().stream())
                            .toList(),
                    members.stream()
                            .flatMap(member -> member.inputs().stream())
                            .distinct()
                            .toList());
        });
    }

    private boolean isRunning(ViewName view) {
        return running.values().stream().anyMatch(run -> run.view().equals(view));
    }

    /**
     * Whether a view waits for an input: for one without data, which cannot be read; and for one of the same round, which by its
     * jitter may be due a little later, but neither for its retries nor for ever for one that is refreshed all the time. An input of
     * the same consistent group is refreshed in the same transaction; one whose group waits for a suspended member is not about to be,
     * and in a circle somebody has to begin.
     */
    private Optional<Wait> goesBefore(long oid, @Nullable Input input, Due due) {
        Running run = running.get(oid);
        if (run != null) {
            return run.scheduledAt().isAfter(due.roundEndsAt())
                    ? Optional.empty()
                    : Optional.of(Wait.forInput(run.view(), due.consistent(), "is being refreshed"));
        }
        if (input == null || (due.consistent() && due.group().equals(input.group()))) {
            return Optional.empty();
        }
        if (!input.populated()) {
            return Optional.of(Wait.forInput(input.view(), due.consistent(), "has no data yet"));
        }
        if (input.held()
                || circles.isClosedBy(due.oid(), oid)
                || input.nextDueAt() == null
                || input.nextDueAt().isAfter(due.roundEndsAt())
                || input.priority() < lowestPriority
                || !policies.groups().contains(String.valueOf(input.group()))) {
            return Optional.empty();
        }
        boolean refreshedInThisRound = input.readAt() != null
                && !input.readAt().isBefore(due.nextDueAt().minus(due.jitter()));
        return !input.nextDueAt().isAfter(now) || (input.failures() == 0 && !refreshedInThisRound)
                ? Optional.of(Wait.forInput(input.view(), due.consistent(), "is due in the same round"))
                : Optional.empty();
    }
}
