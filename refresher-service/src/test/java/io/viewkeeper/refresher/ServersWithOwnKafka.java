package io.viewkeeper.refresher;

import io.viewkeeper.sandbox.server.KafkaOptions;
import io.viewkeeper.sandbox.server.KafkaServer;

/** As {@link Servers}, with a broker that the test may stop. */
public class ServersWithOwnKafka extends Servers {
    private final KafkaServer kafka = KafkaServer.start(KafkaOptions.temporary());

    @Override
    KafkaServer kafka() {
        return kafka;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(kafka, field -> field.getType() == KafkaServer.class);
    }

    @Override
    public void stop() {
        kafka.close();
    }
}
