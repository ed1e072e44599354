package io.viewkeeper.optimizer;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.optimizer.analysis.LookLoop;
import jakarta.inject.Singleton;

/** Turns the loop. */
@Singleton
class LookTimer {
    private final LookLoop loop;

    LookTimer(LookLoop loop) {
        this.loop = loop;
    }

    @Scheduled(every = "{viewkeeper.optimizer.analysis.tick}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        loop.turn();
    }
}
