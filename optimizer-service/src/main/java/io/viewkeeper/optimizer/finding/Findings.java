package io.viewkeeper.optimizer.finding;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** All rules over one plan. */
public final class Findings {
    /** Of the execution time: what costs less is not reported. */
    static final double LEAST_SHARE = 0.05;
    /** What costs less is not reported, whatever its share. */
    static final double LEAST_MILLIS = 10;

    private Findings() {}

    /** What is worth reporting, the costliest first; what has no time last, in the order of the rules. */
    public static List<Finding> of(Context context) {
        return Rules.ALL.stream()
                .flatMap(rule -> checked(rule, context).stream())
                .filter(finding ->
                        matters(finding.impactMillis(), context.times().totalMillis()))
                .sorted(Comparator.comparingDouble(Findings::impact).reversed())
                .toList();
    }

    /** Nobody waits for the rest when the thread is interrupted. */
    private static List<Finding> checked(Rule rule, Context context) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted while a plan was looked at");
        }
        return rule.check(context);
    }

    /** Without a time there is nothing to compare with. */
    static boolean matters(@Nullable Double impactMillis, double totalMillis) {
        return impactMillis == null || (impactMillis >= LEAST_MILLIS && impactMillis >= LEAST_SHARE * totalMillis);
    }

    private static double impact(Finding finding) {
        Double millis = finding.impactMillis();
        return millis == null ? -1 : millis;
    }
}
