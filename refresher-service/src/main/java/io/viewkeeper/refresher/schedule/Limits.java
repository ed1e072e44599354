// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a refresh's session is allowed.
 *
 * @param lockTimeout how long it waits for a lock, at least 1 ms
 * @param statementTimeout after how long it is given up, at least 1 ms
 * @param workMem as PostgreSQL spells memory, for example {@code 256MB}; empty: the server's
 * @param timeZone the session's while the view's query runs
 * @param rowSecurity whether policies may leave rows out; if not, the refresh of a view whose owner they restrict fails
 */
public record Limits(
        Duration lockTimeout,
        Duration statementTimeout,
        Optional<String> workMem,
        ZoneId timeZone,
        boolean rowSecurity) {
    /** What PostgreSQL takes for a timeout: milliseconds in 32 bits, a little less than 25 days. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofMillis(Integer.MAX_VALUE);

    private static final Pattern MEMORY = Pattern.compile("([1-9][0-9]{0,8})(kB|MB|GB)");
    /** What PostgreSQL takes for work_mem, in kB. */
    private static final long LEAST_MEMORY = 64;

    private static final long MOST_MEMORY = Integer.MAX_VALUE;

    public Limits {
        require(isTimeout(lockTimeout), "lock-timeout must be at least 1 ms and at most 24 days");
        require(isTimeout(statementTimeout), "statement-timeout must be at least 1 ms and at most 24 days");
        require(
                workMem.map(Limits::isMemory).orElse(true),
                "work-mem must be a number and kB, MB or GB, for example 256MB, from 64kB to 2047GB");
    }

    /**
     * The time zone as PostgreSQL spells it, who reads a bare offset as POSIX does: there +05:30 is west of Greenwich. In angle
     * brackets stands what such a zone is called.
     */
    public String serverTimeZone() {
        if (!(timeZone.normalized() instanceof ZoneOffset offset)) {
            return timeZone.getId();
        }
        return offset.getTotalSeconds() == 0
                ? "UTC"
                : "<" + offset.getId() + ">"
                        + ZoneOffset.ofTotalSeconds(-offset.getTotalSeconds()).getId();
    }

    private static boolean isTimeout(Duration timeout) {
        return timeout.compareTo(Duration.ofMillis(1)) >= 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0;
    }

    private static boolean isMemory(String text) {
        Matcher memory = MEMORY.matcher(text);
        if (!memory.matches()) {
            return false;
        }
        long kilobytes = Long.parseLong(memory.group(1))
                * switch (memory.group(2)) {
                    case "GB" -> 1 << 20;
                    case "MB" -> 1 << 10;
                    default -> 1;
                };
        return kilobytes >= LEAST_MEMORY && kilobytes <= MOST_MEMORY;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
