// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.viewkeeper.refresher.api.CommandServers;
import io.viewkeeper.sandbox.server.Role;
import java.util.Map;

/** As {@link Servers}, with operators, and many views that are refreshed once an hour. */
public class ServersWithManyViews extends Servers {
    /** Commands of their group write as many events, 64 at once: more views take longer, and tell no more. */
    public static final int VIEWS = 40;

    @Override
    public Map<String, String> start() {
        var settings = super.start();
        execute(Role.OWNER, """
            create schema many;
            grant usage, create on schema many to viewkeeper_refresher;
            """);
        execute(Role.REFRESHER, """
            do $$ begin
              for i in 1..%d loop
                execute format('create materialized view many.v%s as select 1 as i', i);
                execute format('create unique index on many.v%s (i)', i);
              end loop;
            end $$
            """.replace("%d", Integer.toString(VIEWS)));
        settings.put("viewkeeper.refresh.groups.many.views", "many.*");
        settings.put("viewkeeper.refresh.groups.many.interval", "1h");
        settings.put("viewkeeper.refresh.groups.many.priority", "-1");
        settings.putAll(CommandServers.operators());
        return settings;
    }
}
