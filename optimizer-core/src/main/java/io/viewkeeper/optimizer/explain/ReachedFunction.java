// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A function that a statement reaches, and what it may do to us. Its mark tells what planning executes, and is a promise; what
 * planning executes must be of a kind that can be judged: the server's own, a body that is read, or compiled code that nobody can
 * tell what to execute.
 *
 * @param executed by the statement, not only by what surrounds it
 * @param asked planning may execute it whatever its mark: it belongs to an operator, a type or another's body
 */
record ReachedFunction(String name, boolean isVolatile, boolean definer, boolean executed, boolean asked, Code code) {

    /**
     * What it is made of.
     *
     * @param builtIn it came with the server
     * @param extension that it belongs to; null if none
     * @param pointed an argument can say what is to be executed: a text, a name, an object's number, anything
     * @param body where it can be read
     */
    record Code(
            String language,
            boolean trusted,
            boolean aggregate,
            boolean builtIn,
            @Nullable String extension,
            boolean pointed,
            @Nullable String body) {
        boolean compiled() {
            return language.equals("internal") || language.equals("c");
        }

        boolean readable() {
            return trusted && (language.equals("sql") || language.equals("plpgsql"));
        }
    }

    /** Files, other servers, large objects, programs: nobody's slow query, and an intruder's first. */
    private static final Pattern OUTSIDE = Pattern.compile(
            "dblink.*|lo_.*|loread|lowrite|pg_read_.*|pg_ls_.*|pg_stat_file|pg_file_.*|pg_logdir_.*|copy_.*|http_.*");

    /**
     * The server's own functions that are not volatile, and execute what a name or a number points to: views, and the checks of
     * types.
     */
    static final String POINTED_TO =
            "^((table|schema|database)_to_xml.*|pg_input_(is_valid|error_info)|(domain|array|record|range|multirange)_in)$";

    private static final Pattern POINTED_TO_PATTERN = Pattern.compile(POINTED_TO);

    /** Whether planning may execute it. */
    boolean executedByPlanning() {
        return asked || !isVolatile;
    }

    /**
     * Why a statement that reaches it is not even planned.
     *
     * @param extensions whose compiled functions execute nothing that they are given
     */
    @Nullable
    String refusal(Set<String> extensions) {
        String bareName = name.substring(name.indexOf('.') + 1);
        if (OUTSIDE.matcher(bareName.toLowerCase(Locale.ROOT)).matches() && executed) {
            return "The function %s reaches files, large objects or other servers.".formatted(name);
        }
        if (POINTED_TO_PATTERN.matcher(bareName).matches()) {
            return "The function %s executes queries or checks that are not in the statement.".formatted(name);
        }
        if (!executedByPlanning() || code.aggregate()) {
            return null;
        }
        if (definer) {
            return "The function %s runs with its owner's rights, and planning would execute it: it is marked stable or immutable, or planning asks it."
                    .formatted(name);
        }
        return code.compiled() ? compiled(extensions) : interpreted();
    }

    private @Nullable String compiled(Set<String> extensions) {
        if (isVolatile) {
            return "The function %s is volatile, and planning would execute it: for an operator, a type, or a function that is marked stable or immutable."
                    .formatted(name);
        }
        if (code.builtIn() || !code.pointed() || (code.extension() != null && extensions.contains(code.extension()))) {
            return null;
        }
        return "The function %s is compiled, and may execute a text that it is given: it belongs to %s."
                .formatted(
                        name,
                        code.extension() == null
                                ? "no extension"
                                : "the extension %s, of which nobody said that it does not (viewkeeper.optimizer.analysis.harmless-extensions)"
                                        .formatted(code.extension()));
    }

    private @Nullable String interpreted() {
        if (code.language().equals(Reach.FOREIGN)) {
            return "Planning would execute a function that reads a foreign table, by %s.".formatted(name);
        }
        return code.readable()
                ? null
                : "The function %s is written in %s, and planning would execute it unread."
                        .formatted(name, code.language());
    }

    /** Why a statement that reaches it is planned and not executed. */
    @Nullable
    String noExecution() {
        return executed && isVolatile ? "the function %s is volatile".formatted(name) : null;
    }
}
