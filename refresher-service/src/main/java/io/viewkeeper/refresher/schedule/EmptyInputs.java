package io.viewkeeper.refresher.schedule;

import io.viewkeeper.schema.event.ErrorCategory;
import io.viewkeeper.schema.event.ViewName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Views that read one that was never populated cannot be refreshed. Where that one is about to be, they wait for their turn; where
 * it is not, they are refused with the reason, rather than fail again and again, and due as soon as it is populated.
 */
final class EmptyInputs {
    private final List<Wanted> views;
    private final Map<Long, Wanted> byOid;
    private final Map<ViewName, RegisteredView> known;
    private final Map<Long, Wanted> judged = new HashMap<>();

    EmptyInputs(List<Wanted> views, Map<ViewName, RegisteredView> known) {
        this.views = views;
        this.byOid = views.stream().collect(Collectors.toMap(one -> one.view().oid(), Function.identity()));
        this.known = known;
    }

    /** All views, in their order, with the refusals that empty inputs bring. */
    List<Wanted> refusals() {
        return views.stream().map(this::judge).toList();
    }

    private Wanted judge(Wanted view) {
        Wanted before = judged.get(view.view().oid());
        if (before != null) {
            return before;
        }
        // Views may read each other in a circle.
        judged.put(view.view().oid(), view);
        Wanted now = view.policy() == null || view.refusal() != null
                ? view
                : view.inputOids().stream()
                        .map(byOid::get)
                        .filter(Objects::nonNull)
                        .map(input -> reason(view, input))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .map(reason -> view.refusedFor(new Method.Refuse(ErrorCategory.OTHER, reason)))
                        .orElse(view);
        judged.put(view.view().oid(), now);
        return now;
    }

    private Optional<String> reason(Wanted view, Wanted input) {
        boolean refreshedTogether = view.consistent() && Objects.equals(view.group(), input.group());
        if (input.view().populated() || refreshedTogether) {
            return Optional.empty();
        }
        return Optional.ofNullable(whyItStaysEmpty(judge(input)))
                .map(why -> "it reads " + input.view().name() + ", which is not populated and " + why
                        + "; it is due as soon as that is populated");
    }

    private @Nullable String whyItStaysEmpty(Wanted input) {
        if (input.policy() == null) {
            return "is in no group";
        }
        if (input.refusal() != null) {
            return "is refused";
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
