// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.analysis.LookLoop;
import io.viewkeeper.schema.loop.Loop;
import io.viewkeeper.schema.service.gateway.SchemaGate;
import io.viewkeeper.schema.service.loop.Loops;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Turns the loop. */
@Singleton
class LookTimer {
    private final LookLoop looks;
    private final SchemaGate gate;
    private final Loop loop;

    LookTimer(
            LookLoop looks,
            SchemaGate gate,
            Loops loops,
            @ConfigProperty(name = "viewkeeper.optimizer.analysis.tick") Duration tick) {
        this.looks = looks;
        this.gate = gate;
        this.loop = loops.loop("looks", tick, List.of("look"));
    }

    @Scheduled(every = "{viewkeeper.optimizer.analysis.tick}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        if (gate.objection().isEmpty()) {
            loop.turn(turn -> turn.step("look", looks::turn));
        } else {
            loop.rest();
        }
    }
}
