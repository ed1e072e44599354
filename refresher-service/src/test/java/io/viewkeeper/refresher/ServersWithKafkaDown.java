package io.viewkeeper.refresher;

import java.util.Map;

/** As {@link ServersWithOwnKafka}, with a broker that is down until the test starts it. */
public class ServersWithKafkaDown extends ServersWithOwnKafka {
    @Override
    public Map<String, String> start() {
        var settings = super.start();
        kafka().stop();
        return settings;
    }
}
