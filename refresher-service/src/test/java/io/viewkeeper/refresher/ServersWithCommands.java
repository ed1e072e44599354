// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.viewkeeper.refresher.api.CommandServers;
import io.viewkeeper.sandbox.server.Role;
import java.util.Map;

/** As {@link Servers}, with operators, and two views that are refreshed on demand, one of which takes an hour. */
public class ServersWithCommands extends Servers {
    @Override
    public Map<String, String> start() {
        var settings = super.start();
        execute(Role.OWNER, """
            create schema demand;
            grant usage, create on schema demand to viewkeeper_refresher;
            """);
        execute(Role.REFRESHER, """
            create materialized view demand.good as select i from generate_series(1, 10) i;
            create unique index on demand.good (i);
            create materialized view demand.slow as select 1 as i from pg_sleep(3600) with no data;
            create unique index on demand.slow (i);
            """);
        settings.put("viewkeeper.refresh.groups.demand.views", "demand.*");
        settings.put("viewkeeper.refresh.groups.demand.interval", "1h");
        settings.put("viewkeeper.refresh.groups.demand.plain-refresh", "unpopulated");
        settings.put("viewkeeper.refresh.groups.demand.statement-timeout", "2h");
        settings.putAll(CommandServers.operators());
        return settings;
    }
}
