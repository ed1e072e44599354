// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

/**
 * How a view was refreshed. Later versions may know more: what has the form of one is carried as it is.
 *
 * @param wireName as payloads and tables spell it
 */
public record RefreshMethod(String wireName) {
    /** {@code REFRESH MATERIALIZED VIEW CONCURRENTLY}: readers are not blocked. */
    public static final RefreshMethod CONCURRENT = new RefreshMethod("concurrent");

    /** {@code REFRESH MATERIALIZED VIEW}: readers wait until it has ended. */
    public static final RefreshMethod PLAIN = new RefreshMethod("plain");

    /** Not at all: the refresh failed before a method was chosen. */
    public static final RefreshMethod SKIPPED = new RefreshMethod("skipped");

    /** @throws IllegalArgumentException if it has not the form of one */
    public RefreshMethod {
        OpenName.require(wireName);
    }
}
