// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.sql.SqlToken;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a text shows by itself, before the server is asked. */
final class TextCheck {
    private static final String HIDDEN = "<insufficient privilege>";

    private static final Set<String> QUERIES =
            Set.of("select", "insert", "update", "delete", "merge", "with", "values", "table");

    private TextCheck() {}

    /** Why the text is not even looked at; null if it is. */
    static @Nullable Verdict beforeReading(String text, int longest) {
        if (text.length() > longest) {
            return new Verdict(
                    "The text is longer than %d characters.".formatted(longest),
                    "Shorten it: lists of values are the usual cause.");
        }
        if (text.indexOf('\0') >= 0) {
            return new Verdict(
                    "The text holds a NUL character, which PostgreSQL has no text for.", "Send the statement alone.");
        }
        if (!isUnicode(text)) {
            return new Verdict("The text is no valid Unicode: half of a character is missing.", "Send it as UTF-8.");
        }
        if (text.strip().equals(HIDDEN)) {
            return new Verdict(
                    "The text is hidden from us.",
                    "Grant pg_read_all_stats (or pg_monitor) to the role of this connection.");
        }
        return null;
    }

    private static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** Why there is nothing to plan in these tokens; null if there may be. */
    static @Nullable Verdict kind(List<SqlToken> meaning) {
        if (meaning.isEmpty()) {
            return new Verdict("There is no statement in the text.", "Send one statement.");
        }
        if (meaning.getLast().kind() == SqlToken.Kind.UNTERMINATED) {
            return new Verdict(
                    "The text breaks off inside a string, a quoted name or a comment.",
                    "Texts are cut at track_activity_query_size; pg_stat_statements has them whole.");
        }
        SqlToken first = meaning.stream()
                .filter(token -> !token.isPunctuation("("))
                .findFirst()
                .orElse(meaning.getFirst());
        if (first.kind() != SqlToken.Kind.WORD) {
            return new Verdict("The text does not begin as a statement does.", "Send one whole statement.");
        }
        String keyword = first.folded();
        if (QUERIES.contains(keyword)) {
            return null;
        }
        return new Verdict(reasonOf(keyword), hintOf(keyword));
    }

    private static String reasonOf(String keyword) {
        return switch (keyword) {
            case "explain" -> "EXPLAIN explains a statement and is none that has a plan.";
            case "declare" -> "DECLARE opens a cursor.";
            case "execute" -> "EXECUTE names a statement that another session has prepared.";
            case "prepare" -> "PREPARE prepares a statement for its own session.";
            case "call", "do" ->
                keyword.toUpperCase(Locale.ROOT) + " runs a program; what it executes has plans of its own.";
            case "copy" -> "COPY moves data and has no plan of its own.";
            case "create", "alter", "drop", "truncate", "comment", "grant", "revoke", "reindex", "refresh", "cluster" ->
                "A statement that defines or maintains objects has no plan.";
            case "vacuum", "analyze", "checkpoint" -> "Maintenance has no plan.";
            case "set",
                    "reset",
                    "show",
                    "discard",
                    "begin",
                    "start",
                    "commit",
                    "end",
                    "rollback",
                    "abort",
                    "savepoint",
                    "release",
                    "fetch",
                    "move",
                    "close",
                    "listen",
                    "unlisten",
                    "notify",
                    "lock",
                    "deallocate",
                    "load" -> "A statement that steers a session or a transaction has no plan.";
            default -> "The text does not begin as a statement with a plan does.";
        };
    }

    private static String hintOf(String keyword) {
        return switch (keyword) {
            case "explain", "declare", "copy", "prepare" -> "Ask for the query inside it.";
            case "call", "do", "execute" -> "Set pg_stat_statements.track = all, and look for the statements inside.";
            default -> "Only SELECT, VALUES, TABLE, WITH, INSERT, UPDATE, DELETE and MERGE have plans.";
        };
    }

    /** Whether more than one statement is in these tokens. */
    static boolean isSeveral(List<SqlToken> meaning) {
        boolean ended = false;
        for (SqlToken token : meaning) {
            if (token.isPunctuation(";")) {
                ended = true;
            } else if (ended) {
                return true;
            }
        }
        return false;
    }

    /** The text without the semicolons at its end. */
    static String withoutEnd(String text, List<SqlToken> meaning) {
        int last = meaning.size() - 1;
        while (last >= 0 && meaning.get(last).isPunctuation(";")) {
            last--;
        }
        // What follows is a comment at most.
        return last == meaning.size() - 1 || last < 0
                ? text
                : text.substring(0, meaning.get(last).end());
    }

    /** A sentence, and what may help. */
    record Verdict(String reason, String hint) {}
}
