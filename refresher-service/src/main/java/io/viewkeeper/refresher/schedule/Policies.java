package io.viewkeeper.refresher.schedule;

import io.viewkeeper.schema.event.ViewName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings, resolved: for each view its policy, or that no group asks for it. */
public final class Policies {
    private record Rule(ViewPattern pattern, String group, ScheduleConfig.Group settings) {}

    // Closest first; among equally close ones the first group by name, so that every replica decides alike.
    private static final Comparator<Rule> CLOSEST_FIRST = Comparator.comparingLong(
                    (Rule rule) -> rule.pattern().literalCharacters())
            .reversed()
            .thenComparing(Rule::group);

    private final List<Rule> rules;
    private final Map<String, ScheduleConfig.View> exceptions;

    /** @throws IllegalArgumentException if a setting makes no sense; the message names it */
    public Policies(ScheduleConfig config) {
        var found = new ArrayList<Rule>();
        config.groups().forEach((group, settings) -> {
            for (String pattern : settings.views()) {
                found.add(new Rule(ViewPattern.of(pattern), group, settings));
            }
            policy(group, settings, Optional.empty());
        });
        found.sort(CLOSEST_FIRST);
        rules = List.copyOf(found);
        exceptions = Map.copyOf(config.views());
        // A setting that makes no sense is to stop the start, not a later round.
        exceptions.keySet().forEach(this::of);
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
        return of(view.toString());
    }

    private Optional<ViewPolicy> of(String view) {
        return rules.stream()
                .filter(rule -> rule.pattern().matches(view))
                .findFirst()
                .map(rule -> policy(rule.group(), rule.settings(), Optional.ofNullable(exceptions.get(view))));
    }

    private static ViewPolicy policy(
            String group, ScheduleConfig.Group settings, Optional<ScheduleConfig.View> exception) {
        var interval = exception.flatMap(ScheduleConfig.View::interval).orElse(settings.interval());
        return new ViewPolicy(
                group,
                interval,
                exception
                        .flatMap(ScheduleConfig.View::freshnessTarget)
                        .or(settings::freshnessTarget)
                        .orElse(interval.multipliedBy(2)),
                exception.flatMap(ScheduleConfig.View::plainRefresh).orElse(settings.plainRefresh()),
                exception.flatMap(ScheduleConfig.View::lockTimeout).orElse(settings.lockTimeout()),
                exception.flatMap(ScheduleConfig.View::statementTimeout).orElse(settings.statementTimeout()),
                exception.flatMap(ScheduleConfig.View::workMem).or(settings::workMem),
                exception.flatMap(ScheduleConfig.View::timeZone).orElse(settings.timeZone()));
    }
}
