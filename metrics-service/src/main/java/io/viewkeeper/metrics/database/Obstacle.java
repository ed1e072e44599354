// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.database;

import java.util.Optional;
import org.jboss.logging.Logger;

/** What keeps metrics away although nothing is broken: said in the log when it begins and when it ends. */
final class Obstacle {
    private static final Logger LOG = Logger.getLogger(Obstacle.class);

    private final String metrics;
    private volatile Optional<String> said = Optional.empty();

    /** @param metrics that are absent for it */
    Obstacle(String metrics) {
        this.metrics = metrics;
    }

    /** @param reason and what to do about it */
    void is(String reason) {
        if (!said.equals(Optional.of(reason))) {
            LOG.warnf("metrics=%s outcome=absent reason=\"%s\"", metrics, reason);
            said = Optional.of(reason);
        }
    }

    /** The reason; empty while there is none. */
    Optional<String> said() {
        return said;
    }

    void gone() {
        if (said.isPresent()) {
            LOG.infof("metrics=%s outcome=present", metrics);
            said = Optional.empty();
        }
    }
}
