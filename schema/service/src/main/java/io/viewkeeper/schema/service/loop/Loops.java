// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.service.loop;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.viewkeeper.schema.loop.Loop;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** All loops of a service: what its liveness depends on. */
@Singleton
public class Loops {
    private final MeterRegistry registry;
    private final Duration stuckAfter;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();

    Loops(
            MeterRegistry registry,
            @ConfigProperty(name = "viewkeeper.liveness.stuck-after", defaultValue = "10m") Duration stuckAfter) {
        this.registry = registry;
        this.stuckAfter = stuckAfter;
    }

    /** As below, of which no step is worth a gauge of its own. */
    public Loop loop(String name, Duration pause) {
        return loop(name, pause, List.of());
    }

    /**
     * A new one, watched from now on.
     *
     * @param pause between two of its turns
     * @param steps whose last success is a gauge
     */
    public Loop loop(String name, Duration pause, List<String> steps) {
        var loop = new Loop(name, new Loop.Limits(stuckAfter, stuckAfter.plus(pause.multipliedBy(2))));
        loops.add(loop);
        Gauge.builder("viewkeeper.loop.last.turn.age.seconds", () -> seconds(loop.lastTurnAge()))
                .description("Since the loop's last turn ended")
                .tag("loop", name)
                .register(registry);
        for (String step : steps) {
            Gauge.builder(
                            "viewkeeper.loop.last.success.age.seconds",
                            () -> seconds(loop.lastSuccessAges().get(step)))
                    .description("Since the step of the loop last succeeded; absent before the first time")
                    .tag("loop", name)
                    .tag("step", step)
                    .register(registry);
        }
        return loop;
    }

    List<Loop> all() {
        return loops;
    }

    private static double seconds(@Nullable Duration age) {
        return age == null ? Double.NaN : age.toMillis() / 1000.0;
    }
}
