// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.quarkus.runtime.ShutdownEvent;
import io.viewkeeper.schema.log.Trouble;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Looks when views were refreshed, and now and then without: one look at a time, of all replicas. */
@Singleton
public class LookLoop {
    private static final Logger LOG = Logger.getLogger(LookLoop.class);

    private final Looks looks;
    private final AnalysisParts parts;
    private final AnalysisSettings settings;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private long lastLook = Long.MIN_VALUE;
    private final Trouble trouble = new Trouble();

    LookLoop(Looks looks, AnalysisParts parts, AnalysisSettings settings) {
        this.looks = looks;
        this.parts = parts;
        this.settings = settings;
    }

    void stop(@Observes ShutdownEvent event) {
        stopping.set(true);
    }

    /** One turn; not for two at the same time. Whatever fails is logged once, and tried again at the next. */
    public void turn() {
        if (!settings.enabled() || stopping.get()) {
            return;
        }
        try {
            lookIfDue().ifPresent(this::said);
        } catch (RuntimeException failure) {
            said(String.valueOf(failure.getMessage()));
        }
    }

    /** What keeps looks waiting: an empty text if nothing does, nothing where it is not known. */
    private Optional<String> lookIfDue() {
        Duration since = lastLook == Long.MIN_VALUE ? null : Duration.ofNanos(System.nanoTime() - lastLook);
        if (since != null && since.compareTo(settings.pause()) < 0) {
            return Optional.empty();
        }
        boolean idle = since == null || since.compareTo(settings.idleEvery()) >= 0;
        if (!idle && parts.marks().ripe().isEmpty()) {
            return Optional.of("");
        }
        if (!parts.turn().take()) {
            return Optional.empty();
        }
        try {
            // Anew: another replica may have looked before the turn was ours.
            return look(parts.marks().ripe(), idle);
        } finally {
            parts.turn().leave();
        }
    }

    private Optional<String> look(List<Mark> marks, boolean idle) {
        if (marks.isEmpty() && !idle) {
            return Optional.empty();
        }
        double spent = parts.budget().spentMillis();
        parts.meters().spent(spent);
        if (spent >= parts.budget().perMinuteMillis()) {
            return Optional.of(
                    "the budget of this minute is spent, so looks wait: viewkeeper.optimizer.analysis.budget");
        }
        try {
            looks.look(marks, () -> !stopping.get() && parts.turn().take());
            parts.budget().forgetOld();
            parts.meters().spent(parts.budget().spentMillis());
            return Optional.of("");
        } finally {
            lastLook = System.nanoTime();
        }
    }

    private void said(String reason) {
        if (stopping.get()) {
            return; // What is cut off is no trouble.
        }
        if (reason.isEmpty()) {
            if (trouble.endIsWorthALine()) {
                LOG.info("looks=recovered");
            }
        } else if (trouble.isWorthALine()) {
            LOG.warnf("looks=waiting sinceSeconds=%d reason=\"%s\"", trouble.seconds(), reason);
        }
    }
}
