// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import java.util.Map;

/** As {@link Servers}, with a loop that hardly ever looks by itself. */
public class ServersWithoutTick extends Servers {

    @Override
    public Map<String, String> start() {
        var settings = super.start();
        settings.put("viewkeeper.refresh.tick", "1h");
        settings.put("viewkeeper.refresh.groups.sales.interval", "1h");
        settings.put("viewkeeper.topic-prefix", "untimed");
        settings.put("viewkeeper.liveness.stuck-after", "2s");
        return settings;
    }
}
