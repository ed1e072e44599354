package io.viewkeeper.optimizer;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.schema.log.Trouble;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Says that no broker answers, in place of the client, which would say so of each attempt. */
@ApplicationScoped
class KafkaWatch {
    private static final Logger LOG = Logger.getLogger(KafkaWatch.class);

    /** A start, or a broker that is exchanged, takes some seconds. */
    private static final int PATIENCE_LOOKS = 5;

    private final BooleanSupplier connected;
    private final Trouble trouble = new Trouble();
    private int looksInVain;

    @Inject
    KafkaWatch(KafkaConnection kafka) {
        this((BooleanSupplier) kafka::isConnected);
    }

    KafkaWatch(BooleanSupplier connected) {
        this.connected = connected;
    }

    @Scheduled(
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @RunOnVirtualThread
    void look() {
        if (connected.getAsBoolean()) {
            looksInVain = 0;
            if (trouble.endIsWorthALine()) {
                LOG.info("kafka=recovered");
            }
        } else if (++looksInVain > PATIENCE_LOOKS && trouble.isWorthALine()) {
            LOG.warnf(
                    "kafka=degraded sinceSeconds=%d effect=\"events wait in Kafka, and looks for them\""
                            + " reason=\"no connection to a broker of kafka.bootstrap.servers\"",
                    trouble.seconds() + PATIENCE_LOOKS);
        }
    }
}
