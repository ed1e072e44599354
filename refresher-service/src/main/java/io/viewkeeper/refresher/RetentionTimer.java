package io.viewkeeper.refresher;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.schema.loop.Loop;
import io.viewkeeper.schema.loop.Loops;
import io.viewkeeper.schema.retention.Retention;
import io.viewkeeper.schema.service.gateway.SchemaGate;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Purges once an hour, the first time soon after the start. */
@Singleton
class RetentionTimer {
    private final Retention retention;
    private final SchemaGate gate;
    private final Loop loop;

    RetentionTimer(Retention retention, SchemaGate gate, Loops loops) {
        this.loop = loops.loop("retention", Duration.ofHours(1));
        this.retention = retention;
        this.gate = gate;
    }

    /** Made at the start, so that a setting that makes no sense stops it. */
    void start(@Observes StartupEvent event) {}

    @Scheduled(every = "1h", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void purge() {
        if (gate.objection().isEmpty()) {
            loop.turn(retention::purge);
        } else {
            loop.turn(_ -> {});
        }
    }
}
