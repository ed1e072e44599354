// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import java.util.regex.Pattern;

/** A name of a list that grows: its form is fixed, so that it may stand in logs, labels and statements. */
final class OpenName {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_]{0,39}");

    private OpenName() {}

    static void require(String name) {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a name of up to 40 lower-case letters, digits and underscores was expected");
        }
    }
}
