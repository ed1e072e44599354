// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import io.viewkeeper.schema.event.ViewName;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** The settings, resolved: for each view its policy, or that no group asks for it. */
public final class Policies {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration STATEMENT_TIMEOUT = Duration.ofMinutes(30);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY_DELAY = Duration.ofMinutes(10);
    private static final int SUSPEND_AFTER = 10;
    private static final Duration RESUME_AFTER = Duration.ofHours(1);
    private static final double VACUUM_AFTER = 0.2;
    /** A hundred years: what is longer overflows Java's or PostgreSQL's idea of time somewhere. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final ZoneId UTC = ZoneId.of("UTC");

    private record Rule(ViewPattern pattern, String group, ScheduleConfig.Group settings, List<ViewPattern> excluded) {
        boolean matches(String view) {
            return pattern.matches(view) && excluded.stream().noneMatch(not -> not.matches(view));
        }
    }

    // Closest first; among equally close ones the first group by name, so that every replica decides alike.
    private static final Comparator<Rule> CLOSEST_FIRST = Comparator.comparingLong(
                    (Rule rule) -> rule.pattern().literalCharacters())
            .reversed()
            .thenComparing(Rule::group);

    private final List<Rule> rules;
    private final Set<String> groups;
    private final Map<String, ScheduleConfig.View> exceptions;
    private final Map<String, ViewPolicy> ofGroups;

    /** @throws IllegalArgumentException if a setting makes no sense; the message names it */
    public Policies(ScheduleConfig config) {
        var found = new ArrayList<Rule>();
        var resolved = new HashMap<String, ViewPolicy>();
        config.groups().forEach((group, settings) -> {
            List<ViewPattern> excluded = settings.exclude().orElse(List.of()).stream()
                    .map(ViewPattern::of)
                    .toList();
            for (String pattern : settings.views()) {
                found.add(new Rule(ViewPattern.of(pattern), group, settings, excluded));
            }
            resolved.put(group, policy(group, settings, Optional.empty()));
        });
        found.sort(CLOSEST_FIRST);
        rules = List.copyOf(found);
        groups = Set.copyOf(config.groups().keySet());
        exceptions = Map.copyOf(config.views());
        ofGroups = Map.copyOf(resolved);
        // A setting that makes no sense is to stop the start, not a later round.
        exceptions.keySet().forEach(this::of);
    }

    /** Names of the groups. */
    public Set<String> groups() {
        return groups;
    }

    /** Names of the views that have settings of their own. */
    public Set<String> named() {
        return exceptions.keySet();
    }

    /** Views that have settings of their own and yet no group: probably a misspelled name. */
    public List<String> withoutGroup() {
        return exceptions.keySet().stream()
                .filter(view -> of(view).isEmpty())
                .sorted()
                .toList();
    }

    /** The policy of the view; empty when no group's pattern matches it. */
    public Optional<ViewPolicy> of(ViewName view) {
        // Patterns and exceptions are written without quotes, whatever the name holds.
        return of(view.schema() + "." + view.name());
    }

    private Optional<ViewPolicy> of(String view) {
        Optional<Rule> rule =
                rules.stream().filter(candidate -> candidate.matches(view)).findFirst();
        ScheduleConfig.View exception = exceptions.get(view);
        return exception == null
                ? rule.map(Rule::group).map(ofGroups::get)
                : rule.map(found -> policy(found.group(), found.settings(), Optional.of(exception)));
    }

    private static ViewPolicy policy(
            String group, ScheduleConfig.Group settings, Optional<ScheduleConfig.View> exception) {
        try {
            exception
                    .filter(view -> settings.consistent() && hasOwnSchedule(view))
                    .ifPresent(view -> {
                        throw new IllegalArgumentException(
                                "its views are refreshed together (consistent): none may have an interval, cron,"
                                        + " freshness-target or jitter of its own");
                    });
            var choice = new Choice(settings, exception);
            return new ViewPolicy(
                    group,
                    timing(choice),
                    choice.of(ScheduleConfig.Settings::plainRefresh).orElse(PlainRefresh.NEVER),
                    limits(choice),
                    retry(choice),
                    choice.of(one -> boxed(one.priority())).orElse(0),
                    settings.consistent(),
                    choice.of(one -> one.vacuumAfter().isPresent()
                                    ? Optional.of(one.vacuumAfter().getAsDouble())
                                    : Optional.<Double>empty())
                            .orElse(VACUUM_AFTER));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("viewkeeper.refresh: group " + group + ": " + wrong.getMessage(), wrong);
        }
    }

    /** The view's own setting, or else its group's. */
    private record Choice(ScheduleConfig.Group group, Optional<ScheduleConfig.View> view) {
        <T> Optional<T> of(Function<ScheduleConfig.Settings, Optional<T>> setting) {
            return view.flatMap(setting).or(() -> setting.apply(group));
        }

        Optional<Duration> duration(String name, Function<ScheduleConfig.Settings, Optional<Duration>> setting) {
            return of(setting).map(value -> bounded(name, value));
        }
    }

    private static boolean hasOwnSchedule(ScheduleConfig.View view) {
        return view.interval().isPresent()
                || view.cron().isPresent()
                || view.freshnessTarget().isPresent()
                || view.jitter().isPresent();
    }

    private static Timing timing(Choice choice) {
        Optional<Duration> target = choice.duration("freshness-target", ScheduleConfig.Settings::freshnessTarget);
        Schedule schedule = schedule(choice, target);
        return switch (schedule) {
            case Schedule.Every(var interval) ->
                new Timing(
                        schedule,
                        target.orElse(interval.multipliedBy(2)),
                        choice.duration("jitter", ScheduleConfig.Settings::jitter)
                                .orElse(interval.dividedBy(10)));
            case Schedule.Cron cron ->
                new Timing(schedule, target.orElseGet(() -> cron.longestPause().multipliedBy(2)), Duration.ZERO);
            case Schedule.ByTarget _ ->
                new Timing(
                        schedule,
                        target.orElseThrow(),
                        choice.duration("jitter", ScheduleConfig.Settings::jitter)
                                .orElse(target.orElseThrow().dividedBy(10)));
        };
    }

    /** A view's own interval displaces its group's cron, and the other way round. */
    private static Schedule schedule(Choice choice, Optional<Duration> target) {
        Optional<Schedule> own = choice.view().flatMap(view -> scheduleOf(view, zone(choice)));
        return own.or(() -> scheduleOf(choice.group(), zone(choice)))
                .or(() -> target.map(_ -> new Schedule.ByTarget()))
                .orElseThrow(
                        () -> new IllegalArgumentException("one of interval, cron and freshness-target must be set"));
    }

    private static Optional<Schedule> scheduleOf(ScheduleConfig.Settings settings, ZoneId zone) {
        if (settings.interval().isPresent() && settings.cron().isPresent()) {
            throw new IllegalArgumentException("interval and cron exclude each other");
        }
        return settings.interval()
                .<Schedule>map(interval -> new Schedule.Every(bounded("interval", interval)))
                .or(() -> settings.cron().map(expression -> Schedule.Cron.of(expression, zone)));
    }

    // A text in the settings: of an optional ZoneId that is not set, Quarkus' converter makes an error that stops the
    // start.
    private static ZoneId zone(Choice choice) {
        return choice.of(ScheduleConfig.Settings::timeZone).map(Policies::zone).orElse(UTC);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name.trim());
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException("time-zone \"" + name + "\" is not known", unknown);
        }
    }

    private static Limits limits(Choice choice) {
        return new Limits(
                choice.of(ScheduleConfig.Settings::lockTimeout).orElse(LOCK_TIMEOUT),
                choice.of(ScheduleConfig.Settings::statementTimeout).orElse(STATEMENT_TIMEOUT),
                choice.of(ScheduleConfig.Settings::workMem),
                zone(choice),
                choice.of(ScheduleConfig.Settings::rowSecurity).orElse(false));
    }

    private static Retry retry(Choice choice) {
        Duration first = choice.duration("retry-delay", ScheduleConfig.Settings::retryDelay)
                .orElse(RETRY_DELAY);
        Duration longest = choice.duration("longest-retry-delay", ScheduleConfig.Settings::longestRetryDelay)
                .orElse(first.compareTo(LONGEST_RETRY_DELAY) > 0 ? first : LONGEST_RETRY_DELAY);
        Duration resume = choice.duration("resume-after", ScheduleConfig.Settings::resumeAfter)
                .orElse(RESUME_AFTER);
        return new Retry(
                first,
                longest,
                choice.of(one -> boxed(one.suspendAfter())).orElse(SUSPEND_AFTER),
                resume.isZero() ? Optional.empty() : Optional.of(resume));
    }

    private static Duration bounded(String name, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " must be at most " + LONGEST.toDays() + " days");
        }
        return value;
    }

    private static Optional<Integer> boxed(OptionalInt value) {
        return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }
}
