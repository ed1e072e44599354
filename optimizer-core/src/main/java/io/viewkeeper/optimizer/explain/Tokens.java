// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import io.viewkeeper.schema.sql.SqlLexer;
import io.viewkeeper.schema.sql.SqlToken;
import io.viewkeeper.schema.sql.SqlToken.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A text as tokens that mean something, and the text again with some of them replaced. Indexes outside are nothing. */
record Tokens(String text, List<SqlToken> list) {
    private static final SqlToken NOTHING = new SqlToken(Kind.UNKNOWN, "", 0);

    static Tokens of(String text) {
        return new Tokens(text, SqlLexer.meaning(text));
    }

    int size() {
        return list.size();
    }

    SqlToken at(int i) {
        return i >= 0 && i < list.size() ? list.get(i) : NOTHING;
    }

    boolean word(int i, String... keywords) {
        for (String keyword : keywords) {
            if (at(i).isWord(keyword)) {
                return true;
            }
        }
        return false;
    }

    boolean sign(int i, String sign) {
        return at(i).isPunctuation(sign);
    }

    boolean name(int i) {
        return at(i).isName();
    }

    boolean operator(int i) {
        return at(i).kind() == Kind.OPERATOR;
    }

    /** The n of $n; 0 for any other token. */
    int parameter(int i) {
        String text = at(i).text();
        return at(i).kind() == Kind.PARAMETER && text.length() < 7 ? Integer.parseInt(text.substring(1)) : 0;
    }

    boolean parameterAt(int i) {
        return at(i).kind() == Kind.PARAMETER;
    }

    /** The token at this place of the text; -1 if there is none. */
    int indexAt(int place) {
        for (int i = 0; i < size(); i++) {
            if (place < at(i).end()) {
                return place >= at(i).start() ? i : -1;
            }
        }
        return -1;
    }

    /** Where what opens here ends: a parenthesis, a bracket, a CASE; -1 if it does not. */
    int closing(int open) {
        int depth = 0;
        for (int i = open; i < size(); i++) {
            if (opens(i)) {
                depth++;
            } else if (closes(i) && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    /** Where what ends here was opened; -1 if nowhere. */
    int opening(int close) {
        int depth = 0;
        for (int i = close; i >= 0; i--) {
            if (closes(i)) {
                depth++;
            } else if (opens(i) && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    boolean opens(int i) {
        return sign(i, "(") || sign(i, "[") || word(i, "case");
    }

    boolean closes(int i) {
        return sign(i, ")") || sign(i, "]") || word(i, "end");
    }

    /** The first of these keywords from here on that is in no parentheses of its own; the end if there is none. */
    int find(int from, int end, String... keywords) {
        int i = from;
        while (i < end) {
            if (word(i, keywords)) {
                return i;
            }
            int close = opens(i) ? closing(i) : i;
            i = (close < 0 ? end : close) + 1;
        }
        return end;
    }

    /** Between these tokens, the second excluded: pieces between commas that are in no parentheses of their own. */
    List<Range> items(int from, int end) {
        var items = new ArrayList<Range>();
        int start = from;
        int i = from;
        while (i < end) {
            if (sign(i, ",")) {
                items.add(new Range(start, i));
                start = i + 1;
            }
            int close = opens(i) ? closing(i) : i;
            i = (close < 0 ? end : close) + 1;
        }
        if (start < end) {
            items.add(new Range(start, end));
        }
        return items;
    }

    String slice(int from, int end) {
        return from >= end ? "" : text.substring(at(from).start(), at(end - 1).end());
    }

    String slice(Range range) {
        return slice(range.from(), range.end());
    }

    String edited(List<Edit> edits) {
        var result = new StringBuilder(text);
        edits.stream()
                .sorted(Comparator.comparingInt(Edit::from).reversed())
                .forEach(edit -> result.replace(
                        at(edit.from()).start(), at(edit.end() - 1).end(), edit.replacement()));
        return result.toString();
    }

    /** Tokens from one on, before the other. */
    record Range(int from, int end) {
        int length() {
            return end - from;
        }
    }

    /** Tokens that become another text. */
    record Edit(int from, int end, String replacement) {}
}
