// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * One line of EXPLAIN (FORMAT TEXT) as the server wrote it.
 *
 * @param number of the line of the text where it begins, from 1
 * @param column where its first character stands, from 0
 * @param text without blanks around it, a node's without its arrow
 */
record TextLine(Kind kind, int number, int column, String text) {

    /** What a line is by its beginning. */
    enum Kind {
        /** A node below another one. */
        NODE,
        ROOT,
        /** "InitPlan 1 (returns $0)", above the node that it names. */
        SUBPLAN,
        /** "Key: value". */
        FIELD,
        /** "Worker 0:", and what is told of it first. */
        WORKER,
        /** "Update on part_1", where one node writes to several tables. */
        TARGET,
        TRIGGER,
        /** A field whose name we do not know, or no line of a plan. */
        UNKNOWN_FIELD,
        /** Of psql or a log, or prose. */
        OTHER
    }

    /** What EXPLAIN writes before a colon, and no part of a longer line. */
    private static final Set<String> KEYS = FieldNames.with(
            FieldNames.EXPRESSIONS,
            "Output",
            "Sort Key",
            "Presorted Key",
            "Group Key",
            "Hash Key",
            "Cache Mode",
            "Batch Size",
            "Sort Method",
            "Full-sort Groups",
            "Pre-sorted Groups",
            "Buckets",
            "Batches",
            "Planned Partitions",
            "Hits",
            "Heap Blocks",
            "Heap Fetches",
            "Index Searches",
            "Storage",
            "Sampling",
            "Buffers",
            "I/O Timings",
            "WAL",
            "Memory",
            "Inner Unique",
            "Single Copy",
            "Disabled",
            "Disabled Nodes",
            "Workers Planned",
            "Workers Launched",
            "Params Evaluated",
            "Subplans Removed",
            "Rows Removed by Filter",
            "Rows Removed by Join Filter",
            "Rows Removed by Index Recheck",
            "Rows Removed by Conflict Filter",
            "Conflict Resolution",
            "Conflict Arbiter Indexes",
            "Tuples",
            "Tuples Inserted",
            "Conflicting Tuples",
            "Functions",
            "Options",
            "Timing");

    /** What is told of the whole statement, after its nodes. */
    private static final Set<String> OF_THE_PLAN = Set.of(
            "Settings",
            "Query Identifier",
            "Planning",
            "Planning Time",
            "Planning time",
            "JIT",
            "Serialization",
            "Execution Time",
            "Execution time",
            "Total runtime");

    private static final Pattern KEY = Pattern.compile("[A-Z][A-Za-z0-9/() -]{0,60}");
    private static final Pattern WORKER = Pattern.compile("Worker \\d{1,6}:.*", Pattern.DOTALL);
    private static final Pattern SUBPLAN = Pattern.compile("(?:InitPlan|SubPlan|CTE) \\S.*", Pattern.DOTALL);
    private static final Pattern TARGET =
            Pattern.compile("(?:Foreign )?(?:Insert|Update|Delete|Merge) on [^:]*", Pattern.DOTALL);

    /** By the text alone; whether it is a root or a subplan's name, its surroundings tell. */
    static Kind kind(String text) {
        if (arrow(text) > 0) {
            return Kind.NODE;
        }
        if (WORKER.matcher(text).matches()) {
            return Kind.WORKER;
        }
        if (text.startsWith("Trigger ")) {
            return Kind.TRIGGER;
        }
        if (SUBPLAN.matcher(text).matches() && TextHead.figures(text) == text.length()) {
            return Kind.SUBPLAN;
        }
        String key = key(text);
        if (KEYS.contains(key) || OF_THE_PLAN.contains(key)) {
            return Kind.FIELD;
        }
        if (TARGET.matcher(text).matches() && TextHead.figures(text) == text.length()) {
            return Kind.TARGET;
        }
        return key.isEmpty() ? Kind.OTHER : Kind.UNKNOWN_FIELD;
    }

    /** The length of an arrow at the beginning; word processors make one sign of it. */
    static int arrow(String text) {
        if (text.startsWith("\u2192")) {
            return 1;
        }
        boolean arrow = text.length() > 2
                && text.charAt(1) == '>'
                && "-\u2013\u2014".indexOf(text.charAt(0)) >= 0
                && (text.charAt(2) == ' ' || Character.isUpperCase(text.charAt(2)));
        return arrow ? 2 : 0;
    }

    /** What is before the first colon, if it is as EXPLAIN names fields; else empty. */
    static String key(String text) {
        int colon = text.indexOf(':');
        boolean ends = colon >= 0 && (colon + 1 == text.length() || text.charAt(colon + 1) == ' ');
        String key = ends && colon <= 61 ? text.substring(0, colon) : "";
        return KEY.matcher(key).matches() ? key : "";
    }

    static String value(String text) {
        return text.substring(text.indexOf(':') + 1).strip();
    }

    static boolean isOfThePlan(String key) {
        return OF_THE_PLAN.contains(key);
    }

    static Set<String> keys() {
        return KEYS;
    }
}
