// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class BrokerConnectionTest {
    private static final Map<MetricName, Figure> CONNECTED = statistics("connection-count", 1);
    private static final Map<MetricName, Figure> AWAY = statistics("connection-count", 0);
    private static final Map<MetricName, Figure> REFUSED = statistics("failed-authentication-rate", 0.2);

    private final List<String> said = new ArrayList<>();
    private final AtomicReference<Map<MetricName, Figure>> statistics = new AtomicReference<>(CONNECTED);
    private final BrokerConnection connection = new BrokerConnection(statistics::get);

    @Test
    void whatLastsIsALineForEachReasonAndOneWhenItEnds() {
        var log = Logger.getLogger(BrokerConnection.class.getName());
        var listener = new Listener();
        log.addHandler(listener);
        try {
            look(1, AWAY);
            look(1, CONNECTED);
            assertThat(said).as("an exchange of brokers").isEmpty();
            look(50, AWAY);
            look(50, REFUSED);
            look(5, CONNECTED);
            look(50, REFUSED);
        } finally {
            log.removeHandler(listener);
        }
        assertThat(said)
                .as("what comes back within seconds has never been away")
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("kafka=degraded reason=\"no connection to a broker\""),
                        line -> assertThat(line)
                                .startsWith("kafka=degraded reason=\"authentication with a broker fails"),
                        line -> assertThat(line).isEqualTo("kafka=recovered"));
    }

    @Test
    void aTopicThatIsMissingIsNamedAndIsNoLackOfABroker() {
        var meters = new SimpleMeterRegistry();
        connection.register(meters);
        var gauge = meters.get("viewkeeper_kafka_connected").gauge();
        connection.topicSeen("some.refresh.v1", false);
        assertThat(connection.state()).startsWith("degraded: the topic some.refresh.v1 is missing");
        assertThat(gauge.value()).isEqualTo(1);
        statistics.set(AWAY);
        assertThat(connection.state()).isEqualTo("degraded: no connection to a broker");
        assertThat(gauge.value()).isZero();
        statistics.set(CONNECTED);
        connection.topicSeen("some.refresh.v1", true);
        assertThat(connection.state()).isEqualTo("ok");
    }

    private void look(int times, Map<MetricName, Figure> seen) {
        statistics.set(seen);
        for (int i = 0; i < times; i++) {
            connection.tellChange();
        }
    }

    private static Map<MetricName, Figure> statistics(String name, double value) {
        var figure = new Figure(new MetricName(name, "consumer-metrics", "", Map.of()), value);
        return Map.of(figure.metricName(), figure);
    }

    private record Figure(MetricName metricName, Object metricValue) implements Metric {}

    private final class Listener extends Handler {
        @Override
        public void publish(LogRecord line) {
            said.add(line.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is kept.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
