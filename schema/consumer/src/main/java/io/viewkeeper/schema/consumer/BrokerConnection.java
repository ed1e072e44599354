// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.consumer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.viewkeeper.schema.log.Trouble;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jboss.logging.Logger;

/**
 * Whether a consumer has a broker, asked of its own statistics, so that the answer never waits for Kafka, and its topic, as
 * the broker said last. Told at once as a metric, and in the log when it lasts: the client itself would tell of each attempt.
 */
final class BrokerConnection {
    private static final Logger LOG = Logger.getLogger(BrokerConnection.class);
    private static final String GROUP = "consumer-metrics";

    private final Supplier<Map<MetricName, ? extends Metric>> statistics;
    private final Trouble trouble = new Trouble();
    private Optional<String> said = Optional.empty();
    private volatile Optional<String> missingTopic = Optional.empty();
    private int looksInVain;

    /** @param statistics of the consumer; empty while there is none */
    BrokerConnection(Supplier<Map<MetricName, ? extends Metric>> statistics) {
        this.statistics = statistics;
    }

    /** Shows {@code viewkeeper_kafka_connected}. */
    void register(MeterRegistry meters) {
        Gauge.builder("viewkeeper_kafka_connected", () -> isConnected() ? 1 : 0)
                .description(
                        "1 while a broker takes this consumer, 0 while none is reached or its credentials are refused")
                .register(meters);
    }

    /** Whether a broker takes this consumer. */
    boolean isConnected() {
        return withoutConnection().isEmpty();
    }

    /** What the broker says of the topic that is read. */
    void topicSeen(String topic, boolean isThere) {
        missingTopic = isThere ? Optional.empty() : Optional.of(topic);
    }

    /** What is wrong; nothing while there are a connection and the topic. */
    Optional<String> objection() {
        return withoutConnection()
                .or(() -> missingTopic.map("the topic %s is missing; the refresher creates it if it may"::formatted));
    }

    private Optional<String> withoutConnection() {
        var now = statistics.get();
        // Over the last half minute: between two attempts there is neither a connection nor a refusal.
        if (value(now, "failed-authentication-rate") > 0) {
            return Optional.of("authentication with a broker fails: look at kafka.sasl.… and kafka.ssl.…");
        }
        return value(now, "connection-count") > 0 ? Optional.empty() : Optional.of("no connection to a broker");
    }

    /** For a check of readiness, which it never decides. */
    String state() {
        return objection().map("degraded: %s"::formatted).orElse("ok");
    }

    /** To be called every few seconds. */
    synchronized void tellChange() {
        var now = objection();
        if (now.isEmpty()) {
            looksInVain = 0;
            if (trouble.endIsWorthALine()) {
                LOG.info("kafka=recovered");
            }
            return;
        }
        // A start, or a broker that is exchanged, takes some seconds.
        if (++looksInVain > 1) {
            boolean lasts = trouble.isWorthALine();
            if (lasts || !now.equals(said)) {
                LOG.warnf("kafka=degraded reason=\"%s\" sinceSeconds=%d", now.get(), trouble.seconds());
                said = now;
            }
        }
    }

    private static double value(Map<MetricName, ? extends Metric> statistics, String name) {
        return statistics.entrySet().stream()
                .filter(metric -> metric.getKey().group().equals(GROUP)
                        && metric.getKey().name().equals(name))
                .mapToDouble(metric -> metric.getValue().metricValue() instanceof Double value ? value : 0)
                .sum();
    }
}
