package io.viewkeeper.refresher;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.refresher.retention.Retention;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Purges once an hour, the first time soon after the start. */
@Singleton
class RetentionTimer {
    private static final Logger LOG = Logger.getLogger(RetentionTimer.class);

    private final Retention retention;
    private final SchemaGate gate;

    RetentionTimer(Retention retention, SchemaGate gate) {
        this.retention = retention;
        this.gate = gate;
    }

    /** Made at the start, so that a setting that makes no sense stops it. */
    void start(@Observes StartupEvent event) {}

    @Scheduled(every = "1h", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void purge() {
        if (gate.objection().isPresent()) {
            return;
        }
        try {
            retention.purge();
        } catch (RuntimeException failure) {
            // The outermost method: what is left is deleted in an hour.
            LOG.warnf("retention=failed reason=%s", failure.getMessage());
        }
    }
}
