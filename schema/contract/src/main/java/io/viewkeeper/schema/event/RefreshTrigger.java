// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

/**
 * Why a view was refreshed. Later versions may know more: what has the form of one is carried as it is.
 *
 * @param wireName as payloads and tables spell it
 */
public record RefreshTrigger(String wireName) {
    public static final RefreshTrigger SCHEDULE = new RefreshTrigger("schedule");

    /** Somebody asked over HTTP. */
    public static final RefreshTrigger MANUAL = new RefreshTrigger("manual");

    /** An SQL function asked. */
    public static final RefreshTrigger REQUEST = new RefreshTrigger("request");

    /** The attempt before it failed. */
    public static final RefreshTrigger RETRY = new RefreshTrigger("retry");

    /** @throws IllegalArgumentException if it has not the form of one */
    public RefreshTrigger {
        OpenName.require(wireName);
    }
}
