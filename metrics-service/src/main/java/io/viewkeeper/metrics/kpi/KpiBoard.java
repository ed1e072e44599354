// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.kpi;

import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.viewkeeper.schema.loop.Loop;
import io.viewkeeper.schema.service.loop.Loops;
import io.viewkeeper.schema.start.WrongSetting;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The KPIs as they were judged last. */
@Startup
@Singleton
public class KpiBoard {
    private static final Logger LOG = Logger.getLogger(KpiBoard.class);

    private final Loop loop;
    private final Measuring measuring;
    private final Clock clock;
    private volatile List<KpiStatus> statuses;

    /** @throws io.quarkus.runtime.configuration.ConfigurationException if a setting makes no sense: the service does not start */
    KpiBoard(
            KpiSettings settings,
            Measuring measuring,
            Clock clock,
            Loops loops,
            @ConfigProperty(name = "viewkeeper.metrics.kpi.evaluate-every") Duration pause) {
        this.loop = loops.loop("kpis", pause);
        this.measuring = measuring;
        this.clock = clock;
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        statuses = Arrays.stream(Kpi.values())
                .map(kpi -> WrongSetting.checked(() -> settings.limits(kpi)))
                .map(limits -> KpiStatus.next(null, limits, measuring.measure(limits), now))
                .toList();
    }

    @Scheduled(every = "${viewkeeper.metrics.kpi.evaluate-every}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void tick() {
        loop.turn(_ -> evaluate());
    }

    void evaluate() {
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        var next = new ArrayList<KpiStatus>();
        for (var before : statuses) {
            var after = KpiStatus.next(before, before.limits(), measuring.measure(before.limits()), now);
            if (after.verdict() != before.verdict()) {
                LOG.infof(
                        "kpi=%s verdict=%s before=%s value=%s",
                        after.kpi().label(),
                        after.verdict().label(),
                        before.verdict().label(),
                        after.value());
            }
            next.add(after);
        }
        statuses = List.copyOf(next);
    }

    /** Each KPI, in the order of their definition. */
    public List<KpiStatus> statuses() {
        return statuses;
    }

    /** The name of the database; empty until it was read. */
    public String database() {
        return measuring.database();
    }
}
