// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

/** What EXPLAIN (SETTINGS) tells of settings that are not the server's defaults. */
final class Settings {
    private Settings() {}

    /** A number without a unit, above 0; otherwise where the plan tells none. */
    static double number(Context context, String name, double otherwise) {
        String value = context.plan().settings().get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            double number = Double.parseDouble(value);
            return number > 0 ? number : otherwise;
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
