package io.viewkeeper.optimizer.explain;

import io.viewkeeper.optimizer.explain.FunctionNames.Named;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link Layer#FUNCTIONS}: what the functions do that a statement reaches, directly or through the bodies of others.
 *
 * <p>Volatile functions are never executed while planning, so a statement with one is planned. Those marked stable or
 * immutable are: the server folds them and asks them for its estimates, and a mark is only a promise. So nothing is
 * planned that reaches one which runs with its owner's rights, cannot be read, or does in its body what no immutable
 * function does.
 */
final class FunctionCheck {
    private static final String VIEWS = """
            /* viewkeeper:explain */
            select pg_catalog.pg_get_viewdef(c.oid)
            from pg_catalog.pg_class c
            where c.relkind = 'v'
              and c.oid >= 16384
              and c.relname = any ($1)
            order by c.oid
            limit 100""";

    private static final String LOOK = "/* viewkeeper:explain */ savepoint viewkeeper_look";
    private static final String UNLOOK = "/* viewkeeper:explain */ rollback to savepoint viewkeeper_look";

    private static final int ROUNDS = 6;
    private static final String TOO_DEEP = "Functions call each other too deeply to be sure that none has effects.";

    private final MeteredSession session;
    private final Set<String> scanned = new HashSet<>();

    FunctionCheck(MeteredSession session) {
        this.session = session;
    }

    /**
     * @param names in the statement's text, or in its plan
     * @param prepared whether the statement is prepared in this transaction, so that its relations are locked
     */
    Verdict of(Named names, boolean prepared) {
        String refusal = null;
        String noExecution = null;
        Named bodies = Named.none();
        var found = ReachedFunction.by(session, names, prepared);
        for (int round = 0; round < ROUNDS && !found.isEmpty(); round++) {
            Named inlined = Named.none();
            for (ReachedFunction function : found) {
                refusal = first(refusal, function.refusal());
                noExecution = first(noExecution, function.noExecution());
                bodies = bodies.and(bodyOf(function));
                inlined = inlined.and(inlinedOf(function));
            }
            found = inlined.isEmpty() ? List.of() : ReachedFunction.by(session, inlined, false);
        }
        if (refusal == null && !found.isEmpty()) {
            refusal = TOO_DEEP;
        }
        return new Verdict(refusal == null ? brokenPromise(bodies) : refusal, noExecution);
    }

    /** What functions do that promised to do nothing, or call. */
    private @Nullable String brokenPromise(Named first) {
        Named names = first;
        for (int round = 0; round < ROUNDS && !names.isEmpty(); round++) {
            if (names.changes()) {
                return "A function that is marked stable or immutable executes statements that change something, or that it"
                        + " makes up. Planning would execute it.";
            }
            Named next = Named.none();
            for (ReachedFunction function : ReachedFunction.by(session, names, false)) {
                if (function.isVolatile() || function.refusal() != null) {
                    return "A function that is marked stable or immutable calls %s, which is not. Planning would execute it."
                            .formatted(function.name());
                }
                next = next.and(bodyOf(function));
            }
            names = next.and(viewsIn(names));
        }
        return names.isEmpty() ? null : TOO_DEEP;
    }

    private Named bodyOf(ReachedFunction function) {
        String body = function.body();
        return body == null || (function.isVolatile() && !function.asked()) || !scanned.add(body)
                ? Named.none()
                : FunctionNames.inBody(body);
    }

    /** A volatile function in SQL promises nothing, but planning puts its body in its place, and folds what that calls. */
    private Named inlinedOf(ReachedFunction function) {
        String body = function.body();
        return body == null || !function.isVolatile() || !function.language().equals("sql") || !scanned.add(body)
                ? Named.none()
                : FunctionNames.inBody(body);
    }

    /** To spell a view out, the server locks what it reads: these locks are not the statement's. */
    private Named viewsIn(Named names) {
        session.command(LOOK);
        Named found = Named.none();
        for (String definition : session.query(
                VIEWS, row -> row.getString(0), (Object) names.all().toArray(String[]::new))) {
            if (scanned.add(definition)) {
                found = found.and(FunctionNames.inBody(definition));
            }
        }
        session.command(UNLOOK);
        return found;
    }

    private static @Nullable String first(@Nullable String known, @Nullable String other) {
        return known == null ? other : known;
    }

    /** @param refusal why it is not even planned
     * @param noExecution why it is not executed */
    record Verdict(@Nullable String refusal, @Nullable String noExecution) {}
}
