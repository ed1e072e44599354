// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import java.util.List;
import java.util.Optional;

/** Which of several servers is meant, by libpq's words. */
enum ServerTarget {
    ANY,
    PRIMARY,
    STANDBY;

    /** How {@code target_session_attrs} may say it. */
    static final List<String> NAMES = List.of("any", "primary", "read-write", "standby", "read-only");

    /** Sessions of ours may be read-only on any server, so what counts is the server. */
    static Optional<ServerTarget> of(String name) {
        return switch (name) {
            case "any" -> Optional.of(ANY);
            case "primary", "read-write" -> Optional.of(PRIMARY);
            case "standby", "read-only" -> Optional.of(STANDBY);
            default -> Optional.empty();
        };
    }

    boolean isMet(boolean inRecovery) {
        return this == ANY || inRecovery == (this == STANDBY);
    }
}
