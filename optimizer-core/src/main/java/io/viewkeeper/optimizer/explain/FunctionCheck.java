// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.FunctionNames.Named;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link Layer#FUNCTIONS}: what the functions do that a statement reaches, directly or through the bodies of others.
 *
 * <p>Volatile functions are never executed while planning, so a statement with one is planned. Those marked stable or
 * immutable are: the server folds them and asks them for its estimates, and a mark is only a promise; nor does it look at marks
 * where it checks a type's value or asks an operator. So nothing is planned that reaches such a function unless it is known to
 * be harmless: the server's own, compiled code that executes nothing it is given, or a body that is read, with all that it names.
 */
final class FunctionCheck {
    private static final int ROUNDS = 6;
    private static final String TOO_DEEP = "Functions call each other too deeply to be sure that none has effects.";
    private static final String TOO_MANY = "It reaches more than " + Reach.MOST + " functions, too many to look at.";
    private static final String BROKEN =
            "A function that is marked stable or immutable, or that planning asks, executes statements that change something, or"
                    + " that it makes up. Planning would execute it.";

    private final MeteredSession session;
    private final Set<String> extensions;
    private final Set<Body> scanned = new HashSet<>();

    /** @param extensions whose compiled functions execute nothing that they are given */
    FunctionCheck(MeteredSession session, Set<String> extensions) {
        this.session = session;
        this.extensions = extensions;
    }

    /** @param names in the statement's text, or in its plan */
    Verdict of(Named names, Reach reach) {
        String noExecution = null;
        List<ReachedFunction> found = reach.functions(session, names);
        for (int round = 0; round < ROUNDS && !found.isEmpty(); round++) {
            if (found.size() > Reach.MOST) {
                return new Verdict(TOO_MANY, noExecution);
            }
            Named promised = Named.none();
            Named inlined = Named.none();
            for (ReachedFunction function : found) {
                String refusal = function.refusal(extensions);
                if (refusal != null) {
                    return new Verdict(refusal, noExecution);
                }
                noExecution = noExecution == null ? function.noExecution() : noExecution;
                promised = promised.and(namesIn(function, true));
                inlined = inlined.and(namesIn(function, false));
            }
            if (promised.changes()) {
                return new Verdict(BROKEN, noExecution);
            }
            found = functionsIn(promised, inlined);
        }
        return new Verdict(found.isEmpty() ? null : TOO_DEEP, noExecution);
    }

    private List<ReachedFunction> functionsIn(Named promised, Named inlined) {
        var found = new ArrayList<ReachedFunction>();
        if (!promised.isEmpty()) {
            found.addAll(Reach.PROMISED.functions(session, promised));
        }
        if (!inlined.isEmpty()) {
            found.addAll(Reach.INLINED.functions(session, inlined));
        }
        return found;
    }

    /**
     * A volatile function in SQL promises nothing, but planning puts its body in its place, and folds what that calls.
     *
     * @param promised what planning may execute, or else what it may put in a call's place
     */
    private Named namesIn(ReachedFunction function, boolean promised) {
        String body = function.code().body();
        boolean concerns = promised
                ? function.executedByPlanning()
                : !function.executedByPlanning() && function.code().language().equals("sql");
        return body == null || !concerns || !scanned.add(new Body(body, promised))
                ? Named.none()
                : FunctionNames.inBody(body);
    }

    private record Body(String text, boolean promised) {}

    /** @param refusal why it is not even planned
     * @param noExecution why it is not executed */
    record Verdict(@Nullable String refusal, @Nullable String noExecution) {}
}
