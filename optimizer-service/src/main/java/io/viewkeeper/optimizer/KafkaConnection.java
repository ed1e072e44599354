package io.viewkeeper.optimizer;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.viewkeeper.schema.broker.BrokerConnection;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;

/** Whether the consumer of refreshes has a broker. */
@Singleton
class KafkaConnection {
    private final BrokerConnection connection;

    KafkaConnection(KafkaClientService clients) {
        connection = new BrokerConnection(() -> {
            var consumer = clients.getConsumer("refreshes");
            return consumer == null ? Map.of() : consumer.unwrap().metrics();
        });
    }

    void start(@Observes StartupEvent start, MeterRegistry meters) {
        connection.register(meters);
    }

    @Scheduled(every = "5s", delayed = "5s")
    void look() {
        connection.tellChange();
    }

    String state() {
        return connection.state();
    }
}
