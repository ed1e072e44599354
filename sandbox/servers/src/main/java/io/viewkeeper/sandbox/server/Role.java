// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.server;

/** Who connects: the superuser of the cluster, or one of Viewkeeper's roles with the privileges that it has in production. */
public enum Role {
    SUPERUSER("postgres"),
    OWNER("viewkeeper_owner"),
    REFRESHER("viewkeeper_refresher"),
    OPTIMIZER("viewkeeper_optimizer"),
    METRICS("viewkeeper_metrics");

    private final String roleName;

    Role(String roleName) {
        this.roleName = roleName;
    }

    /** The role's name in {@code pg_roles}. */
    public String roleName() {
        return roleName;
    }
}
