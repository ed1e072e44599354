// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings {@code viewkeeper.retention.…}: for how long rows are kept. Longer: more to look back on, larger tables. */
@ConfigMapping(prefix = "viewkeeper.retention")
public interface RetentionConfig {
    /** Which consumer has applied which event; longer than the topic keeps events, at least 8 days. */
    @WithDefault("30d")
    Duration processedEvents();

    /** What the optimizer was told. */
    @WithDefault("30d")
    Duration inbox();

    /** What the optimizer saw and concluded; at least a day. The newest analysis of a statement stays as long as it. */
    @WithDefault("30d")
    Duration analyses();

    /** What maintenance did, and requests for it. */
    @WithDefault("90d")
    Duration maintenanceLog();
}
