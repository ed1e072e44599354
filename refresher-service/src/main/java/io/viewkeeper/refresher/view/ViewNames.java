// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.view;

import io.vertx.sqlclient.Row;
import io.viewkeeper.schema.event.ViewName;

/** The columns {@code view_schema} and {@code view_name} as one name. */
public final class ViewNames {
    private ViewNames() {}

    public static ViewName of(Row row) {
        return new ViewName(row.getString("view_schema"), row.getString("view_name"));
    }
}
