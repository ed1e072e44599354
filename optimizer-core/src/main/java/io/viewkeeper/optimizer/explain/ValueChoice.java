// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.ActivityValues.Active;
import io.viewkeeper.optimizer.plan.MalformedPlanException;
import io.viewkeeper.schema.database.DatabaseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Values for a statement's parameters: those of the request, those of a session, or the ones of the columns with the worst plan. */
final class ValueChoice {
    static final String OPTIONS = "verbose, settings";

    private final MeteredSession session;
    private final Preparation preparation;
    private final List<@Nullable String> requested;
    private final Optional<Active> active;
    private final List<String> notes = new ArrayList<>();

    ValueChoice(
            MeteredSession session,
            Preparation preparation,
            List<@Nullable String> requested,
            Optional<Active> active) {
        this.session = session;
        this.preparation = preparation;
        this.requested = requested;
        this.active = active;
    }

    List<String> notes() {
        return notes;
    }

    /** The generic plan if there are none. */
    Explained of(Explained generic) {
        int before = notes.size();
        var chosen = chosen(generic);
        if (chosen.from() == ValuesFrom.NONE && notes.size() > before) {
            notes.add("this is the generic plan");
        }
        return chosen;
    }

    private Explained chosen(Explained generic) {
        int parameters = generic.prepared().types().size();
        if (parameters == 0) {
            return generic;
        }
        if (!requested.isEmpty()) {
            if (requested.size() != parameters) {
                notes.add("the request brings %s, and the parameters are %d"
                        .formatted(CutLists.counted(requested.size()), parameters));
                return generic;
            }
            return planned(generic, requested, ValuesFrom.REQUEST, "values of the request");
        }
        if (active.isPresent() && active.get().all().size() == parameters) {
            var withThem = planned(generic, active.get().all(), ValuesFrom.ACTIVITY, "values of a session");
            if (withThem.from() == ValuesFrom.ACTIVITY) {
                notes.add("with the values that a session executes it with");
            }
            return withThem;
        }
        return worstOfStatistics(generic, parameters);
    }

    private Explained worstOfStatistics(Explained generic, int parameters) {
        if (parameters > StatisticsValues.MOST_PARAMETERS) {
            notes.add("it has %d parameters, and values of the columns are tried for %d at most"
                    .formatted(parameters, StatisticsValues.MOST_PARAMETERS));
            return generic;
        }
        var statistics = new StatisticsValues(session, preparation, generic.prepared());
        var candidates = statistics.of(generic.plan().plan(), parameters);
        Explained worst = generic;
        String label = "";
        int plans = 0;
        for (var candidate : candidates) {
            var next = planned(generic, candidate.values(), candidate.from(), candidate.label());
            if (next.from() != ValuesFrom.NONE) {
                plans++;
                if (worst.from() == ValuesFrom.NONE || next.cost() > worst.cost()) {
                    worst = next;
                    label = candidate.label();
                }
            }
        }
        if (plans > 0) {
            notes.addAll(statistics.assumptions());
            notes.add("%s: that for %s".formatted(ofHowMany(plans), label));
        }
        return worst;
    }

    private static String ofHowMany(int plans) {
        return switch (plans) {
            case 1 -> "the only plan with values of the columns";
            case 2 -> "worst of two plans by estimated cost";
            default -> "worst of three plans by estimated cost";
        };
    }

    private Explained planned(Explained generic, List<@Nullable String> values, ValuesFrom from, String what) {
        try {
            var arguments = Arguments.of(session, generic.prepared().types(), values);
            var plan = preparation.explain(OPTIONS, arguments);
            var explained = new Explained(generic.prepared(), plan, values, arguments, from);
            if (!explained.isFolded() || generic.isFolded()) {
                return explained;
            }
            notes.add("with " + what + " the planner proves that there is no row");
        } catch (DatabaseException failure) {
            if (failure.sqlState().connectionLost()) {
                throw failure;
            }
            notes.add("%s did not fit (SQLSTATE %s)"
                    .formatted(what, failure.sqlState().code()));
        } catch (MalformedPlanException unreadable) {
            notes.add("the plan with " + what + " could not be read");
        }
        return generic;
    }
}
