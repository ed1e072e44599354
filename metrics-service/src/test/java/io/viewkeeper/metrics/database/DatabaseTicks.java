// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import jakarta.inject.Singleton;
import java.util.Map;

/** What the scheduler calls in this package, by name of the collector. */
@Singleton
public class DatabaseTicks {
    private final Map<String, Runnable> byCollector;

    DatabaseTicks(Statements statements, Tables tables, Buffers buffers, ViewBuffers viewBuffers) {
        byCollector = Map.of(
                "statements", statements::tick,
                "tables", tables::tick,
                "buffers", buffers::tick,
                "view_buffers", viewBuffers::tick);
    }

    public Map<String, Runnable> byCollector() {
        return byCollector;
    }
}
