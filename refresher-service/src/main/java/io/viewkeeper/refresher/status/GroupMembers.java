// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.status;

import java.util.List;

/** A group, and how each of its views stands, by name. */
public record GroupMembers(GroupStatus status, List<ViewStatus> views) {
    public GroupMembers {
        views = List.copyOf(views);
    }
}
