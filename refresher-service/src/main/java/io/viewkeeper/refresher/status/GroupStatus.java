// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.status;

import io.vertx.sqlclient.Row;

/**
 * A group as operators see it: how many views it has, and how many of them are in which state.
 *
 * @param pending somebody asked for a refresh that has not begun
 * @param waiting it is due, and its refresh has not begun
 * @param failing the last refresh failed
 */
public record GroupStatus(
        String group, int views, int running, int waiting, int pending, int suspended, int refused, int failing) {

    static GroupStatus read(Row row) {
        return new GroupStatus(
                row.getString("view_group"),
                row.getInteger("views"),
                row.getInteger("running"),
                row.getInteger("waiting"),
                row.getInteger("pending"),
                row.getInteger("suspended"),
                row.getInteger("refused"),
                row.getInteger("failing"));
    }
}
