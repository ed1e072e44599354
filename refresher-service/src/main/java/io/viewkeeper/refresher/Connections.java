// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher;

/** How many connections the pool must have. With fewer the loops would wait for each other's. */
final class Connections {
    /** One each for heartbeat, notifications and outbox, two for the purge, and one for all that is over in a moment. */
    private static final int BESIDE_REFRESHES = 6;

    private Connections() {}

    /**
     * How many are left for what is over in a moment.
     *
     * @throws IllegalArgumentException if there are too few; the message names the settings
     */
    static int require(int connections, int parallelism) {
        int least = parallelism + BESIDE_REFRESHES;
        if (connections < least) {
            throw new IllegalArgumentException("quarkus.datasource.reactive.max-size=" + connections
                    + " is too small for viewkeeper.refresh.parallelism=" + parallelism + ": set it to " + least
                    + " or more, one connection for each refresh and " + BESIDE_REFRESHES + " for the rest");
        }
        return connections - least + 1;
    }
}
