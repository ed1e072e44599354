// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.retention;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.schema.loop.Loop;
import io.viewkeeper.schema.retention.Retention;
import io.viewkeeper.schema.service.gateway.SchemaGate;
import io.viewkeeper.schema.service.loop.Loops;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Purges the tables of a service that owns any: once an hour, the first time soon after the start. */
@Singleton
class RetentionTimer {
    private final Instance<Retention> retention;
    private final SchemaGate gate;
    private final Loops loops;
    private @Nullable Loop loop;

    RetentionTimer(Instance<Retention> retention, SchemaGate gate, Loops loops) {
        this.retention = retention;
        this.gate = gate;
        this.loops = loops;
    }

    /** Made at the start, so that a setting that makes no sense stops it. */
    void start(@Observes StartupEvent event) {
        if (retention.isResolvable()) {
            retention.get();
            loop = loops.loop("retention", Duration.ofHours(1));
        }
    }

    @Scheduled(
            every = "1h",
            delayed = "1m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @RunOnVirtualThread
    void purge() {
        if (loop == null) {
            return;
        }
        if (gate.objection().isEmpty()) {
            loop.turn(retention.get()::purge);
        } else {
            loop.rest();
        }
    }
}
