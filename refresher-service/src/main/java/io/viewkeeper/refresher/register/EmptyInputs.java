// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.register;

import io.viewkeeper.refresher.schedule.Method;
import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.ViewName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Views that read one that was never populated cannot be refreshed. Where that one is about to be, they wait for their turn; where
 * it is not, they are refused with the reason, rather than fail again and again, and due as soon as it is populated. What is
 * refreshed in one transaction is judged as one: a consistent group waits for the inputs of all its views.
 */
final class EmptyInputs {
    private static final String AND_THEN = "; it is due as soon as that is populated";

    private final List<Wanted> views;
    private final Map<Long, Wanted> byOid;
    private final Map<Object, List<Wanted>> units;
    private final Map<ViewName, RegisteredView> known;
    private final Map<Long, Wanted> judged = new HashMap<>();
    /** Whose inputs are being judged: to come back to one of them is to go in a circle. */
    private final Set<Object> open = new HashSet<>();

    EmptyInputs(List<Wanted> views, Map<ViewName, RegisteredView> known) {
        this.views = views;
        this.byOid = views.stream().collect(Collectors.toMap(one -> one.view().oid(), Function.identity()));
        this.units = views.stream().collect(Collectors.groupingBy(Wanted::unit));
        this.known = known;
    }

    /** All views, in their order, with the refusals that empty inputs bring. */
    List<Wanted> refusals() {
        return views.stream().map(this::judge).toList();
    }

    private Wanted judge(Wanted view) {
        if (!judged.containsKey(view.view().oid())) {
            open.add(view.unit());
            membersOf(view).forEach(member -> judged.put(member.view().oid(), judgeAlone(member)));
            open.remove(view.unit());
        }
        return judged.getOrDefault(view.view().oid(), view);
    }

    private List<Wanted> membersOf(Wanted view) {
        return units.getOrDefault(view.unit(), List.of(view));
    }

    private Wanted judgeAlone(Wanted view) {
        return view.policy() == null || view.refusal() != null
                ? view
                : view.inputOids().stream()
                        .map(byOid::get)
                        .filter(Objects::nonNull)
                        .filter(input -> !input.view().populated())
                        .map(input -> reason(view, input))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .map(reason -> view.refusedFor(new Method.Refuse(ErrorCategory.OTHER, reason)))
                        .orElse(view);
    }

    private Optional<String> reason(Wanted view, Wanted input) {
        String reads = "it reads " + input.view().name() + ", which is not populated and ";
        if (view.unit().equals(input.unit())) {
            return readsEmptyOnesUpTo(view, input, new HashSet<>())
                    ? Optional.of(reads + "reads it in turn" + AND_THEN)
                    : Optional.empty();
        }
        if (open.contains(input.unit())) {
            return Optional.of(reads + "waits for it in turn" + AND_THEN);
        }
        judge(input);
        return Optional.ofNullable(whyItStaysEmpty(input)).map(why -> reads + why + AND_THEN);
    }

    /** Within a consistent group, whose views are refreshed in the order in which they feed each other. */
    private boolean readsEmptyOnesUpTo(Wanted view, Wanted input, Set<Long> seen) {
        return input.inputOids().stream()
                .map(byOid::get)
                .filter(Objects::nonNull)
                .filter(next -> !next.view().populated() && next.unit().equals(view.unit()))
                .anyMatch(next ->
                        next.equals(view) || (seen.add(next.view().oid()) && readsEmptyOnesUpTo(view, next, seen)));
    }

    private @Nullable String whyItStaysEmpty(Wanted input) {
        if (input.policy() == null) {
            return "is in no group";
        }
        if (membersOf(input).stream()
                .anyMatch(member ->
                        judged.getOrDefault(member.view().oid(), member).refusal() != null)) {
            return "is refused";
        }
        Wanted.Standstill standstill = input.standstill();
        if (standstill != null) {
            return "waits for " + standstill.member() + " of its consistent group, which is suspended";
        }
        RegisteredView state = known.get(input.view().name());
        if (state == null || state.oid() != input.view().oid()) {
            return null;
        }
        if (state.suspendedAt() != null) {
            return "is suspended";
        }
        return state.failures() > 0 ? "could not be refreshed" : null;
    }
}
