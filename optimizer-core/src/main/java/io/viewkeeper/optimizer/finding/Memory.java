// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.regex.Pattern;

/** What a node may use, by the plan's settings where EXPLAIN (SETTINGS) tells them, else by the server's. */
final class Memory {
    private static final long KILO = 1_024;
    /** More for each sort and hash of a statement is asking for the server's end. */
    private static final double MOST_BYTES = 1L << 30;

    private static final Pattern SETTING = Pattern.compile("(\\d+)(B|kB|MB|GB|TB)?");

    private Memory() {}

    static long workMemBytes(Context context) {
        String setting = context.plan().settings().get("work_mem");
        return setting == null
                ? context.server().workMemBytes()
                : bytes(setting, context.server().workMemBytes());
    }

    /** As it is to be told: where nothing but a plan is known, only what is usual. */
    static String workMem(Context context) {
        boolean told = context.plan().settings().containsKey("work_mem")
                || !context.server().equals(ServerFacts.usual());
        return (told ? "" : "usually ") + Wording.size(workMemBytes(context));
    }

    /** How many times work_mem a hash table may take. */
    static double hashMultiplier(Context context) {
        String setting = context.plan().settings().get("hash_mem_multiplier");
        if (setting == null) {
            return context.server().hashMemMultiplier();
        }
        try {
            return Double.parseDouble(setting);
        } catch (NumberFormatException e) {
            return context.server().hashMemMultiplier();
        }
    }

    /**
     * What to do where memory is short: give it, or, where that is more than a statement should have, something else.
     *
     * @param otherwise "let an index give the order, or sort fewer rows"
     */
    static String advice(double neededBytes, String otherwise) {
        if (!sensible(neededBytes)) {
            return "Memory is no remedy, since it would take a work_mem of %s: %s."
                    .formatted(Wording.size(neededBytes), otherwise);
        }
        return "Give this statement a work_mem of about %s (each sort and hash of each process may take that much), or %s."
                .formatted(workMem(neededBytes), otherwise);
    }

    /** Whether a statement may have so much for each sort and hash. */
    static boolean sensible(double bytes) {
        return bytes <= MOST_BYTES;
    }

    /** As a setting of work_mem: whole megabytes, rounded up. */
    static String workMem(double bytes) {
        return Wording.count(Math.ceil(bytes / KILO / KILO)) + " MB";
    }

    private static long bytes(String setting, long otherwise) {
        var match = SETTING.matcher(setting);
        if (!match.matches()) {
            return otherwise;
        }
        long number = Long.parseLong(match.group(1));
        String unit = match.group(2);
        return switch (unit == null ? "kB" : unit) {
            case "B" -> number;
            case "MB" -> number * KILO * KILO;
            case "GB" -> number * KILO * KILO * KILO;
            case "TB" -> number * KILO * KILO * KILO * KILO;
            default -> number * KILO;
        };
    }
}
