// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import java.util.Map;

/** A database that was restored, and one view more than may have series. Here the scheduler drives the collectors. */
public class RestoredAndUsed extends TestServers {
    @Override
    protected void prepare(World world, Map<String, String> settings) {
        settings.put("viewkeeper.metrics.freshness.max-views", "2");
        settings.put("viewkeeper.metrics.freshness.standby-lag", "PT0.001S");
        RestoredDatabaseTest.prepare(world);
        ScrapeTest.prepare(world);
    }
}
