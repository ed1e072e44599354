// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics;

import java.util.Map;

/**
 * One database and one running service for the classes that do not disturb each other. Each brings views of its own; no view
 * but that of {@link KpisTest} may have a target that the KPI of freshness looks at.
 */
public class SharedDatabase extends TestServers {
    @Override
    protected void prepare(World world, Map<String, String> settings) {
        settings.put("test.ticks", "true");
        KpisTest.prepare(world, settings);
        MetricsServiceTest.prepare(world, settings);
        UsageTest.prepare(world, settings);
        ViewBuffersEventTest.prepare(world);
    }
}
