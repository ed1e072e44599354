// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

/** What a string means, whichever way it is spelled. Escapes beyond doubled quotes stay: such a value is a guess. */
final class StringLiteral {
    private StringLiteral() {}

    static String valueOf(String spelled) {
        if (spelled.startsWith("$")) {
            int tag = spelled.indexOf('$', 1) + 1;
            return spelled.substring(tag, Math.max(tag, spelled.length() - tag));
        }
        int open = spelled.indexOf('\'') + 1;
        return spelled.substring(open, Math.max(open, spelled.length() - 1)).replace("''", "'");
    }
}
