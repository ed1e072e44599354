// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.process;

import io.viewkeeper.sandbox.server.Role;
import java.util.Locale;

/** The three services: which module each is, and as whom it connects. */
public enum ServiceKind {
    REFRESHER(Role.REFRESHER),
    OPTIMIZER(Role.OPTIMIZER),
    METRICS(Role.METRICS);

    private final Role role;

    ServiceKind(Role role) {
        this.role = role;
    }

    public Role role() {
        return role;
    }

    public String module() {
        return name().toLowerCase(Locale.ROOT) + "-service";
    }
}
