// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

import io.viewkeeper.sandbox.server.KafkaOptions;
import io.viewkeeper.sandbox.server.KafkaServer;
import java.util.Map;

/** As {@link Servers}, with a broker of its own that is down until a test starts it, and soon given up. */
public class ServersWithOwnKafka extends Servers {
    private final KafkaServer kafka = KafkaServer.start(KafkaOptions.temporary());

    @Override
    public Map<String, String> start() {
        var settings = super.start();
        settings.put("mp.messaging.outgoing.refresh-events.max.block.ms", "3000");
        settings.put("mp.messaging.outgoing.refresh-events.request.timeout.ms", "2000");
        settings.put("mp.messaging.outgoing.refresh-events.delivery.timeout.ms", "3000");
        kafka.stop();
        return settings;
    }

    @Override
    KafkaServer kafka() {
        return kafka;
    }

    @Override
    public void inject(TestInjector injector) {
        super.inject(injector);
        injector.injectIntoFields(kafka, field -> field.getType() == KafkaServer.class);
    }

    @Override
    public void stop() {
        kafka.close();
    }
}
