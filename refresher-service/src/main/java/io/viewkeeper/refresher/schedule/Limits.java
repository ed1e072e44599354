package io.viewkeeper.refresher.schedule;

import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a refresh's session is allowed.
 *
 * @param lockTimeout how long it waits for a lock, at least 1 ms
 * @param statementTimeout after how long it is given up, at least 1 ms
 * @param workMem as PostgreSQL spells memory, for example {@code 256MB}; empty: the server's
 * @param timeZone the session's while the view's query runs
 */
public record Limits(Duration lockTimeout, Duration statementTimeout, Optional<String> workMem, ZoneId timeZone) {
    private static final Pattern MEMORY = Pattern.compile("[1-9][0-9]{0,8}(kB|MB|GB)");

    public Limits {
        require(lockTimeout.toMillis() > 0, "lock-timeout must be at least 1 ms");
        require(statementTimeout.toMillis() > 0, "statement-timeout must be at least 1 ms");
        require(
                workMem.map(memory -> MEMORY.matcher(memory).matches()).orElse(true),
                "work-mem must be a number and kB, MB or GB, for example 256MB");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
