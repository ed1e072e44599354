package io.viewkeeper.metrics;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** Whether a broker is there, asked of the consumer's own statistics, so that the answer never waits for Kafka. */
@ApplicationScoped
class KafkaConnection {
    private static final String CHANNEL = "refreshes";

    private final KafkaClientService clients;

    KafkaConnection(KafkaClientService clients) {
        this.clients = clients;
    }

    boolean isConnected() {
        KafkaConsumer<Object, Object> consumer = clients.getConsumer(CHANNEL);
        return consumer != null
                && consumer.unwrap().metrics().entrySet().stream()
                        .anyMatch(metric -> isConnectionCount(metric.getKey()) && isPositive(metric.getValue()));
    }

    private static boolean isConnectionCount(MetricName name) {
        return name.group().equals("consumer-metrics") && name.name().equals("connection-count");
    }

    private static boolean isPositive(Metric metric) {
        return metric.metricValue() instanceof Double count && count > 0;
    }
}
