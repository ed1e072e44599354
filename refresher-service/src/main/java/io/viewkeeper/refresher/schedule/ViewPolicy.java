package io.viewkeeper.refresher.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the settings say of one view.
 *
 * @param group whose schedule it follows
 * @param interval from one refresh to the next, at least one second
 * @param freshnessTarget how old the data may become
 * @param lockTimeout how long a refresh waits for a lock
 * @param statementTimeout after how long a refresh is given up
 * @param workMem as PostgreSQL spells memory, for example {@code 256MB}
 * @param timeZone the session's while the view's query runs
 */
public record ViewPolicy(
        String group,
        Duration interval,
        Duration freshnessTarget,
        PlainRefresh plainRefresh,
        Duration lockTimeout,
        Duration statementTimeout,
        Optional<String> workMem,
        ZoneId timeZone) {

    private static final Pattern MEMORY = Pattern.compile("[1-9][0-9]{0,8}(kB|MB|GB)");

    public ViewPolicy {
        require(interval.compareTo(Duration.ofSeconds(1)) >= 0, group, "interval must be at least 1 s");
        require(freshnessTarget.isPositive(), group, "freshness-target must be longer than nothing");
        require(lockTimeout.toMillis() > 0, group, "lock-timeout must be at least 1 ms");
        require(statementTimeout.toMillis() > 0, group, "statement-timeout must be at least 1 ms");
        require(
                workMem.map(memory -> MEMORY.matcher(memory).matches()).orElse(true),
                group,
                "work-mem must be a number and kB, MB or GB, for example 256MB");
    }

    private static void require(boolean holds, String group, String what) {
        if (!holds) {
            throw new IllegalArgumentException("viewkeeper.refresh: group " + group + ": " + what);
        }
    }
}
