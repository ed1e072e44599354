// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings {@code viewkeeper.retention.…}: for how long rows are kept. Longer: more to look back on, larger tables. */
@ConfigMapping(prefix = "viewkeeper.retention")
public interface RetentionConfig {
    /** Rows of {@code analytics.view_refresh_log}; at least 25 hours. */
    @WithDefault("90d")
    Duration refreshLog();

    /** Events that Kafka has; those that it has not are kept for ever. */
    @WithDefault("8d")
    Duration outbox();

    /** Requests that were taken, and commands that were answered. */
    @WithDefault("8d")
    Duration requests();
}
