// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.sql.QuotedName;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a statement names, against what it says as a value: the server complains of {@code nextval('x')} and of {@code from x} in
 * the same words. A message keeps what the statement names; whatever else it quotes may be a literal, and so may what a literal
 * says.
 *
 * @param literals what they say, in lower case
 */
record KnownNames(Set<String> names, Set<String> literals) {
    private static final String MASK = "\"?\"";

    /** What the languages of lc_messages put around what they quote, and blanks within. */
    private static final String MARK = "[\"\u00ab\u00bb\u201c-\u201f\u2039\u203a\u300c-\u300f]";

    private static final Pattern QUOTED =
            Pattern.compile(MARK + "\\h?((?:(?!" + MARK + ").)*?)\\h?" + MARK, Pattern.DOTALL);

    static KnownNames in(String text) {
        var names = new HashSet<String>();
        var literals = new HashSet<String>();
        for (SqlToken token : Tokens.of(text).list()) {
            if (token.kind() == Kind.WORD) {
                names.add(token.text().toLowerCase(Locale.ROOT));
            } else if (token.kind() == Kind.QUOTED_NAME) {
                names.add(QuotedName.unquoted(token.text()));
            } else if (token.isLiteral()) {
                literals.add(StringLiteral.valueOf(token.text()).strip().toLowerCase(Locale.ROOT));
            }
        }
        literals.remove("");
        return new KnownNames(names, literals);
    }

    /** The message, without what may be a literal's. */
    String keptIn(String message) {
        String kept = message;
        for (String literal : literals) {
            kept = withoutWord(kept, literal);
        }
        kept = QUOTED.matcher(kept)
                .replaceAll(found -> Matcher.quoteReplacement(isName(found.group(1)) ? found.group() : MASK));
        // A mark without its partner: what is quoted holds marks of its own.
        Matcher odd = Pattern.compile(MARK).matcher(kept.replace(MASK, ""));
        return odd.results().count() % 2 == 0 ? kept : kept.substring(0, firstMark(kept)) + MASK;
    }

    private boolean isName(String quoted) {
        if (names.contains(quoted)) {
            return true;
        }
        for (String part : quoted.split("\\.", -1)) {
            if (!names.contains(part)) {
                return false;
            }
        }
        return true;
    }

    /** Where it stands by itself: a literal of one letter is no reason to take that letter out of all words. */
    private static String withoutWord(String message, String literal) {
        String word = "(?<![\\p{L}\\p{N}_])" + Pattern.quote(literal) + "(?![\\p{L}\\p{N}_])";
        return Pattern.compile(word, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(message)
                .replaceAll("?");
    }

    private static int firstMark(String message) {
        Matcher mark = Pattern.compile(MARK).matcher(message);
        return mark.find() ? mark.start() : message.length();
    }
}
