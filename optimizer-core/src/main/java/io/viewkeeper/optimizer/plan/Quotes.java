// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

/** How far what was read of an expression is closed: brackets, literals, quoted names. Backslashes mean nothing, as in plans. */
final class Quotes {
    private int depth;
    private char quote;

    void read(String text) {
        for (int i = 0; i < text.length(); i++) {
            char sign = text.charAt(i);
            if (quote != 0) {
                quote = sign == quote ? 0 : quote;
            } else if (sign == '\'' || sign == '"') {
                quote = sign;
            } else if (sign == '(') {
                depth++;
            } else if (sign == ')') {
                depth--;
            }
        }
    }

    /** Of a literal or of a name. */
    boolean inQuotes() {
        return quote != 0;
    }

    boolean inName() {
        return quote == '"';
    }

    /** How many brackets are open. */
    int depth() {
        return depth;
    }

    void reset() {
        depth = 0;
        quote = 0;
    }
}
