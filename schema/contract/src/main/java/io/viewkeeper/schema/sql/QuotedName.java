// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.sql;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names in quotes, with the escapes of {@code U&"…"}. */
public final class QuotedName {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:\\+([0-9a-fA-F]{6})|([0-9a-fA-F]{4})|(\\\\))");

    private QuotedName() {}

    /** As the server spells names in plans: in quotes where they need them. */
    public static String unquotedOrSame(String spelled) {
        return spelled.indexOf('"') < 0 ? spelled : unquoted(spelled);
    }

    /** The name that this spelling means. An escape character other than the backslash (UESCAPE) is not followed. */
    public static String unquoted(String spelled) {
        int open = spelled.indexOf('"');
        int close = spelled.lastIndexOf('"');
        String name = spelled.substring(open + 1, Math.max(open + 1, close)).replace("\"\"", "\"");
        if (open == 0) {
            return name;
        }
        return ESCAPE.matcher(name).replaceAll(found -> {
            if (found.group(3) != null) {
                return "\\\\\\\\";
            }
            String digits = found.group(1) == null ? found.group(2) : found.group(1);
            int code = Integer.parseInt(digits, 16);
            return Character.isValidCodePoint(code) ? Matcher.quoteReplacement(Character.toString(code)) : "?";
        });
    }
}
