// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

import io.vertx.sqlclient.Row;

/** Makes a value of one row. */
@FunctionalInterface
public interface RowReader<T> {
    T read(Row row);
}
