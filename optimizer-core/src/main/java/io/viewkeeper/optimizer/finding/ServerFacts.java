// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

/**
 * What is known of the server.
 *
 * @param blockSizeBytes of a page
 * @param workMemBytes of the session that was analysed
 */
public record ServerFacts(int blockSizeBytes, long workMemBytes, double hashMemMultiplier) {
    /** The defaults of PostgreSQL 15 to 18, for a plan that somebody brings. */
    public static ServerFacts usual() {
        return new ServerFacts(8_192, 4L << 20, 2.0);
    }
}
