package io.viewkeeper.optimizer;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.analysis.LookLoop;
import io.viewkeeper.schema.service.gateway.SchemaGate;
import jakarta.inject.Singleton;

/** Turns the loop. */
@Singleton
class LookTimer {
    private final LookLoop loop;
    private final SchemaGate gate;

    LookTimer(LookLoop loop, SchemaGate gate) {
        this.loop = loop;
        this.gate = gate;
    }

    @Scheduled(every = "{viewkeeper.optimizer.analysis.tick}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        if (gate.objection().isEmpty()) {
            loop.turn();
        }
    }
}
