// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.schedule;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Settings {@code viewkeeper.refresh.…}: which views are refreshed, how often and how. */
@ConfigMapping(prefix = "viewkeeper.refresh")
public interface ScheduleConfig {

    /** Groups by name. A view belongs to the group whose pattern fits it most closely. */
    Map<String, Group> groups();

    /** Exceptions for single views, by {@code schema.view}; what is not set here comes from the view's group. */
    Map<String, View> views();

    /** How often to look for due views and requests. Longer: less work when idle, later starts. */
    @WithDefault("1s")
    Duration tick();

    /** How long a stop waits for refreshes that run; after that they are cancelled, and stay due. */
    @WithDefault("20s")
    Duration shutdownGrace();

    /**
     * How often the catalog is searched for new, changed and dropped views. Longer: less work, later discovery. In a
     * catalog so large that a search takes long, it is searched less often by itself.
     */
    @WithDefault("10s")
    Duration discoveryInterval();

    /** Refreshes that one instance runs at once. More: shorter queues, more load on the database. */
    @WithDefault("2")
    int parallelism();

    /** Above which load of the database refreshes wait. */
    Load load();

    /** Not checked unless set. */
    interface Load {
        /** Sessions of clients that are executing something, ours left out. Lower: more refreshes wait. */
        OptionalInt maxActiveBackends();

        /** How far the furthest standby may be behind in replaying. Lower: more refreshes wait. */
        Optional<Duration> maxReplicationLag();

        /** Views of at least this priority are refreshed however high the load is. */
        @WithDefault("1")
        int exemptPriority();
    }

    /** What can be said of a group and, with precedence, of a single view. */
    interface Settings {
        /** Time from one refresh to the next. Shorter: fresher data, more load. */
        Optional<Duration> interval();

        /** Instead of an interval: minute, hour, day of month, month, day of week, in the time zone {@link #timeZone}. */
        Optional<String> cron();

        /** How old the data may become; default: twice the interval. Alone it is a schedule, too. */
        Optional<Duration> freshnessTarget();

        /** By how much views of one interval are kept apart; default: a tenth of the interval. */
        Optional<Duration> jitter();

        /** When a refresh that blocks readers is allowed; default: never. */
        Optional<PlainRefresh> plainRefresh();

        /** How long a refresh waits for a lock, default 5 s; behind a waiting one, readers of a plain refresh queue. */
        Optional<Duration> lockTimeout();

        /** After how long a refresh is given up; default: 30 min. */
        Optional<Duration> statementTimeout();

        /** {@code work_mem} of a refresh, for example 256MB; default: the server's. */
        Optional<String> workMem();

        /** Whether a view shows only what policies let its owner see; default: no, its refresh fails instead. */
        Optional<Boolean> rowSecurity();

        /** The session's time zone while the view's query runs, and that of {@link #cron}; default: UTC. */
        Optional<String> timeZone();

        /** Before the first retry, default 10 s; doubled after each. */
        Optional<Duration> retryDelay();

        /** Where the doubling ends; default: 10 min. */
        Optional<Duration> longestRetryDelay();

        /** Failures since the last good refresh, of a kind that lasts, that suspend a view; default: 10. */
        OptionalInt suspendAfter();

        /** The longest pause of a suspended view; default: 1 h; 0: until somebody resumes it. */
        Optional<Duration> resumeAfter();

        /** Of several due views the one with the highest number is refreshed first; default: 0. */
        OptionalInt priority();

        /** Share of the rows whose change is followed by VACUUM (ANALYZE); default: 0.2; 0: never. */
        OptionalDouble vacuumAfter();
    }

    /** One group of views. */
    interface Group extends Settings {
        /** Patterns {@code schema.view}; {@code *} stands for any characters. */
        List<String> views();

        /** Patterns of views that are not meant, though one of {@link #views} matches them. */
        Optional<List<String>> exclude();

        /** Whether all views of the group are refreshed together and show one snapshot, all or none. */
        @WithDefault("false")
        boolean consistent();
    }

    /** One view's exceptions; each as in its group. */
    interface View extends Settings {}
}
