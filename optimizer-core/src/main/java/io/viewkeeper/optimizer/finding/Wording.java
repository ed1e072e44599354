// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import io.viewkeeper.optimizer.plan.PlanNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** Names and figures as findings write them. */
final class Wording {
    private static final long KILO = 1_024;
    private static final int MOST_DIGITS = 4;
    private static final int MOST_STATEMENTS = 10;

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

    /** 0 to 1 as 93 %; not all but for 1. */
    static String percent(double share) {
        long rounded = Math.round(100 * share);
        return rounded == 100 && share < 1 ? leastPercent(share) : rounded + " %";
    }

    /** 0 to 1 as 93 %, rounded down; with as many digits as it takes to tell it from all, up to four. */
    static String leastPercent(double share) {
        int digits = 0;
        while (digits < MOST_DIGITS && share < 1 && 1 - share < Math.pow(10, -2 - digits)) {
            digits++;
        }
        return BigDecimal.valueOf(100 * share)
                        .setScale(digits, RoundingMode.DOWN)
                        .toPlainString() + " %";
    }

    /** One behind the other, to be executed so; of many the first, and how many others there are. */
    static String statements(List<String> statements) {
        int more = statements.size() - MOST_STATEMENTS;
        String first =
                String.join("; ", statements.stream().limit(MOST_STATEMENTS).toList());
        return more <= 0 ? first : "%s; and the same on %s more".formatted(first, count((long) more));
    }

    static String times(double factor) {
        return factor < 10 ? String.format(Locale.ROOT, "%.1f times", factor) : count(factor) + " times";
    }
}
