package io.viewkeeper.refresher.schedule;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** How long a stop waits for refreshes that run; after that they are rolled back and stay due. */
    @WithDefault("20s")
    Duration shutdownGrace();

    /** How often the catalog is searched for new, changed and dropped views. Longer: less work, later discovery. */
    @WithDefault("10s")
    Duration discoveryInterval();

    /** Refreshes that one instance runs at once. More: shorter queues, more load on the database. */
    @WithDefault("2")
    int parallelism();

    /** One group of views. */
    interface Group {
        /** Patterns {@code schema.view}; {@code *} stands for any characters. */
        List<String> views();

        /** Time from one refresh to the next. Shorter: fresher data, more load. */
        Duration interval();

        /** How old the data may become before it counts as stale; default: twice the interval. */
        Optional<Duration> freshnessTarget();

        /** When a refresh that blocks readers is allowed. */
        @WithDefault("never")
        PlainRefresh plainRefresh();

        /** How long a refresh waits for a lock; behind a waiting one, readers of a plain refresh queue. */
        @WithDefault("5s")
        Duration lockTimeout();

        /** After how long a refresh is given up. */
        @WithDefault("30m")
        Duration statementTimeout();

        /** {@code work_mem} of a refresh, for example 256MB; default: the server's. */
        Optional<String> workMem();

        /** The session's time zone while the view's query runs; matters to views that use dates without a zone. */
        @WithDefault("UTC")
        ZoneId timeZone();
    }

    /** One view's exceptions; each as in its group. */
    interface View {
        /** As {@link Group#interval}. */
        Optional<Duration> interval();

        /** As {@link Group#freshnessTarget}. */
        Optional<Duration> freshnessTarget();

        /** As {@link Group#plainRefresh}. */
        Optional<PlainRefresh> plainRefresh();

        /** As {@link Group#lockTimeout}. */
        Optional<Duration> lockTimeout();

        /** As {@link Group#statementTimeout}. */
        Optional<Duration> statementTimeout();

        /** As {@link Group#workMem}. */
        Optional<String> workMem();

        /** As {@link Group#timeZone}. */
        Optional<ZoneId> timeZone();
    }
}
