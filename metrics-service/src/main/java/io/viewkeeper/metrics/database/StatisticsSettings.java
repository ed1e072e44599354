// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** See application.properties for what each does. */
@ConfigMapping(prefix = "viewkeeper.metrics.statistics")
interface StatisticsSettings {
    Duration window();

    Duration slowQueryThreshold();

    long leastBlocks();

    long leastScans();

    Duration statementsInterval();

    Duration tablesInterval();

    Duration sharedBuffersInterval();

    Duration viewBuffersInterval();

    Duration eventPause();
}
