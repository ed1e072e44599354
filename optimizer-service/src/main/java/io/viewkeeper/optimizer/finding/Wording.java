package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.util.Locale;

/** Names and figures as findings write them. */
final class Wording {
    private static final long KILO = 1_024;

    private Wording() {}

    /** The relation that a node reads, as a person writes it: schema.name. */
    static String relation(PlanNode node) {
        String relation = node.target().relation();
        if (relation == null) {
            return node.typeName();
        }
        String schema = node.target().schema();
        return schema == null ? relation : schema + "." + relation;
    }

    /** The relation that a node reads, as DDL needs it: "schema"."name". */
    static String quotedRelation(PlanNode node) {
        String relation = node.target().relation();
        String schema = node.target().schema();
        String name = quoted(relation == null ? "?" : relation);
        return schema == null ? name : quoted(schema) + "." + name;
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** Rows, loops, blocks: 1,234,567. */
    static String count(double number) {
        return String.format(Locale.ROOT, "%,d", Math.round(number));
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String size(long bytes) {
        return size((double) bytes);
    }

    /** 1.5 GB, 48 MB, 512 kB: as settings of the server take it, save for the blank and the fraction. */
    static String size(double bytes) {
        double megabytes = bytes / KILO / KILO;
        if (megabytes >= 10 * KILO) {
            return count(megabytes / KILO) + " GB";
        }
        if (megabytes >= 10) {
            return count(megabytes) + " MB";
        }
        if (megabytes >= 1) {
            return String.format(Locale.ROOT, "%.1f MB", megabytes);
        }
        return count(bytes / KILO) + " kB";
    }

    /** 0 to 1 as 93 %; what is not all is never 100 %. */
    static String percent(double share) {
        long percent = Math.round(100 * share);
        return (share < 1 ? Math.min(percent, 99) : percent) + " %";
    }

    static String times(double factor) {
        return factor < 10 ? String.format(Locale.ROOT, "%.1f times", factor) : count(factor) + " times";
    }
}
