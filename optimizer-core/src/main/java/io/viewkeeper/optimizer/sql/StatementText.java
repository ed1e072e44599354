// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.sql;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A statement's text as it may be stored, and the key of its history. The key is a hash of the text in which every value and
 * parameter is the same mark, lists of values after IN have one, blanks and comments are gone and words are folded: it survives what
 * changes {@code queryid} (a view that is re-created, another server) and how versions write lists.
 *
 * @param id 32 hexadecimal digits
 * @param redacted without comments and values, otherwise as it was written
 */
public record StatementText(String id, String redacted) {
    private static final String VALUE = "?";
    /** Of the text that is kept: nobody reads more, and a statement may be a megabyte. */
    private static final int LONGEST = 50_000;

    private static final Set<String> BEFORE_RELATIONS =
            Set.of("from", "join", "update", "into", "only", "using", "table");

    public static StatementText of(String text) {
        return new StatementText(
                hash(String.join(" ", normalised(text))),
                kept(Redaction.of(text).strip()));
    }

    /** As another statement where it names a relation without a schema: by this search_path that may be another one. */
    public StatementText readBy(List<String> schemas) {
        return namesWithoutSchema(SqlLexer.meaning(redacted))
                ? new StatementText(hash(id + "\n" + String.join("\n", schemas)), redacted)
                : this;
    }

    private static boolean namesWithoutSchema(List<SqlToken> tokens) {
        for (int i = 1; i < tokens.size(); i++) {
            boolean relation = BEFORE_RELATIONS.contains(tokens.get(i - 1).folded())
                    && (tokens.get(i).kind() == Kind.WORD || tokens.get(i).kind() == Kind.QUOTED_NAME);
            if (relation && (i + 1 == tokens.size() || !tokens.get(i + 1).isPunctuation("."))) {
                return true;
            }
        }
        return false;
    }

    /** No text of PostgreSQL holds U+0000. */
    private static String kept(String redacted) {
        String whole = redacted.replace('\0', '?');
        return whole.length() <= LONGEST ? whole : whole.substring(0, LONGEST) + " ...";
    }

    private static List<String> normalised(String text) {
        var parts = new ArrayList<String>();
        for (SqlToken token : SqlLexer.meaning(text)) {
            String part = part(token);
            if (part.equals(VALUE) && isInListOfValues(parts)) {
                parts.removeLast();
            } else {
                parts.add(part);
            }
        }
        // A closing semicolon is nobody's meaning.
        while (!parts.isEmpty() && parts.getLast().equals(";")) {
            parts.removeLast();
        }
        return parts;
    }

    private static String part(SqlToken token) {
        if (token.isLiteral() || token.kind() == Kind.PARAMETER) {
            return VALUE;
        }
        return token.kind() == Kind.WORD ? token.text().toLowerCase(Locale.ROOT) : token.text();
    }

    /** "in ( ?," to which another value comes: 18 writes any number of them as one, and so do we. */
    private static boolean isInListOfValues(List<String> parts) {
        int size = parts.size();
        return size >= 4
                && parts.get(size - 1).equals(",")
                && parts.get(size - 2).equals(VALUE)
                && parts.get(size - 3).equals("(")
                && parts.get(size - 4).equals("in");
    }

    private static String hash(String normalised) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(normalised.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
