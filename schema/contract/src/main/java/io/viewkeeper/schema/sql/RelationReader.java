// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.sql;

import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a statement once, for {@link StatementRelations}. */
final class RelationReader {
    /** Functions whose arguments have a FROM of their own. */
    private static final Set<String> FROM_IS_AN_ARGUMENT =
            Set.of("extract", "substring", "trim", "overlay", "position", "normalize");

    /** After one of these the list of what is read is over. */
    private static final Set<String> END_OF_LIST = Set.of(
            "where",
            "group",
            "having",
            "order",
            "limit",
            "offset",
            "fetch",
            "window",
            "union",
            "intersect",
            "except",
            "for",
            "returning",
            "set",
            "when",
            "select",
            "values",
            "on",
            "do");

    static final Set<String> STATEMENTS = Set.of("select", "with", "insert", "update", "delete", "merge", "table");

    /** A text has no more than this, or it is nonsense that would fill the stack. */
    private static final int MOST_LEVELS = 500;

    private final List<SqlToken> tokens;
    private final Set<RelationReference> read = new LinkedHashSet<>();
    private final Set<RelationReference> written = new LinkedHashSet<>();
    private final List<Level> levels = new ArrayList<>();
    private int at;

    RelationReader(List<SqlToken> tokens) {
        this.tokens = tokens;
    }

    StatementRelations relations() {
        run();
        return new StatementRelations(read, written);
    }

    /** What is inside of one pair of parentheses, or of none. */
    private static final class Level {
        /** Whether a relation, or a comma and another, may follow. */
        boolean inList;
        /** Inside of a function whose FROM is none of ours. */
        final boolean argument;
        /** Names that WITH defined, seen from here and from further inside. */
        final Set<String> defined;

        Level(boolean argument, Set<String> defined) {
            this.argument = argument;
            this.defined = new LinkedHashSet<>(defined);
        }
    }

    private void run() {
        if (!readsAtAll()) {
            return;
        }
        levels.add(new Level(false, Set.of()));
        copy();
        while (at < tokens.size()) {
            step();
        }
    }

    /** The first word, behind parentheses; EXPLAIN, DECLARE and CREATE TABLE AS read, too. */
    private boolean readsAtAll() {
        for (var token : tokens) {
            if (token.kind() == Kind.WORD) {
                String word = token.folded();
                return STATEMENTS.contains(word)
                        || Set.of("explain", "declare", "create", "copy", "prepare")
                                .contains(word);
            }
            if (!token.isPunctuation("(")) {
                return false;
            }
        }
        return false;
    }

    /** COPY v TO reads, COPY t FROM does not; that of a query reads what the query does. */
    private void copy() {
        if (!tokens.getFirst().isWord("copy")) {
            return;
        }
        boolean out = tokens.stream().anyMatch(token -> token.isWord("to"));
        at = 1;
        if (out) {
            relation(levels.getLast());
        } else {
            at = tokens.size();
        }
    }

    private void step() {
        var token = tokens.get(at);
        var level = levels.getLast();
        if (token.isPunctuation("(")) {
            open(level);
            return;
        }
        if (token.isPunctuation(")")) {
            if (levels.size() > 1) {
                levels.removeLast();
            }
            at++;
            return;
        }
        if (token.isPunctuation(",") && level.inList) {
            at++;
            relation(level);
            return;
        }
        if (token.kind() == Kind.WORD) {
            word(token.folded(), level);
            return;
        }
        at++;
    }

    private void open(Level level) {
        boolean argument = at > 0
                && tokens.get(at - 1).kind() == Kind.WORD
                && FROM_IS_AN_ARGUMENT.contains(tokens.get(at - 1).folded());
        // from ((a join b on …) join c …): the parenthesis stands where a relation may.
        boolean joined = level.inList && followsListWord();
        at++;
        if (levels.size() >= MOST_LEVELS) {
            at = tokens.size();
            return;
        }
        var inner = new Level(argument, level.defined);
        inner.inList = joined;
        levels.add(inner);
        if (joined) {
            relation(inner);
        }
    }

    private boolean followsListWord() {
        if (at == 0) {
            return false;
        }
        var before = tokens.get(at - 1);
        return before.isPunctuation(",")
                || before.isPunctuation("(")
                || before.isWord("from")
                || before.isWord("join")
                || before.isWord("lateral")
                || before.isWord("only");
    }

    private void word(String word, Level level) {
        at++;
        switch (word) {
            case "from" -> {
                if (follows("delete")) {
                    relation(level, true);
                } else if (!level.argument && !isDistinctFrom()) {
                    begin(level);
                }
            }
            case "update" -> {
                // Not FOR UPDATE, DO UPDATE, THEN UPDATE.
                if (at == 1 || tokens.get(at - 2).kind() == Kind.PUNCTUATION) {
                    relation(level, true);
                }
            }
            case "into" -> {
                if (follows("insert") || follows("merge")) {
                    relation(level, true);
                }
            }
            case "join" -> begin(level);
            case "using" -> {
                // DELETE … USING and MERGE … USING name relations; JOIN … USING ( and ORDER BY … USING < do not.
                if (at < tokens.size() && tokens.get(at).isName()) {
                    begin(level);
                }
            }
            case "with" -> define(level);
            case "table" -> {
                if (at == 1 || tokens.get(at - 2).isPunctuation("(") || isSetOperator(tokens.get(at - 2))) {
                    relation(level);
                }
            }
            default -> {
                if (END_OF_LIST.contains(word)) {
                    // ON ends no list: from a join b on …, c
                    level.inList = level.inList && word.equals("on");
                }
            }
        }
    }

    private void begin(Level level) {
        level.inList = true;
        relation(level);
    }

    private boolean isDistinctFrom() {
        return at >= 3
                && tokens.get(at - 2).isWord("distinct")
                && (tokens.get(at - 3).isWord("is") || tokens.get(at - 3).isWord("not"));
    }

    /** Whether the word before this one is that. */
    private boolean follows(String word) {
        return at >= 2 && tokens.get(at - 2).isWord(word);
    }

    private static boolean isSetOperator(SqlToken token) {
        return token.isWord("union")
                || token.isWord("intersect")
                || token.isWord("except")
                || token.isWord("all")
                || token.isWord("as");
    }

    /**
     * with [recursive] a [(columns)] as [[not] materialized] (…), b as (…): without RECURSIVE a name is seen only behind its own
     * query, so that {@code with v as (select * from v)} reads v.
     */
    private void define(Level level) {
        boolean recursive = at < tokens.size() && tokens.get(at).isWord("recursive");
        var all = new WithClause(tokens).queries(recursive ? at + 1 : at);
        if (recursive) {
            all.forEach(one -> level.defined.add(one.name()));
        }
        for (var one : all) {
            at = one.body();
            int outside = levels.size();
            open(level);
            while (at < tokens.size() && levels.size() > outside) {
                step();
            }
            level.defined.add(one.name());
        }
    }

    /** [lateral] [only] [database.][schema.]name, unless it is a function, a subquery or VALUES. */
    private void relation(Level level) {
        relation(level, false);
    }

    private void relation(Level level, boolean writes) {
        while (at < tokens.size()
                && (tokens.get(at).isWord("only") || tokens.get(at).isWord("lateral"))) {
            at++;
        }
        if (at >= tokens.size() || !tokens.get(at).isName() || beginsQuery(tokens.get(at))) {
            return;
        }
        var parts = new ArrayList<String>();
        parts.add(tokens.get(at).name());
        at++;
        while (at + 1 < tokens.size()
                && tokens.get(at).isPunctuation(".")
                && tokens.get(at + 1).isName()) {
            parts.add(tokens.get(at + 1).name());
            at += 2;
        }
        boolean function = !writes
                && at < tokens.size()
                && tokens.get(at).isPunctuation("(")
                && !tokens.getFirst().isWord("copy");
        if (function || (parts.getFirst().equals("rows") && parts.size() == 1)) {
            return;
        }
        var reference = new RelationReference(parts.size() > 1 ? parts.get(parts.size() - 2) : null, parts.getLast());
        if (reference.schema() != null || !level.defined.contains(reference.name())) {
            (writes ? written : read).add(reference);
        }
    }

    private static boolean beginsQuery(SqlToken token) {
        return token.kind() == Kind.WORD && (STATEMENTS.contains(token.folded()) || token.isWord("values"));
    }
}
