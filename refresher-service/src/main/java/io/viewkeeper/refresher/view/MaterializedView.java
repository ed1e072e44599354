// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.view;

import io.viewkeeper.schema.event.ViewName;

/**
 * A materialized view as the catalog shows it.
 *
 * @param oid {@code pg_class.oid}: another one for a view re-created under the same name
 * @param populated false after {@code WITH NO DATA}: it cannot be read, nor refreshed concurrently
 * @param concurrentCapable whether CONCURRENTLY finds an index that it can use: unique, valid, on plain columns, no WHERE
 * @param refreshable whether our role owns it or (PostgreSQL 17+) has MAINTAIN on it
 * @param owner role that owns it
 */
public record MaterializedView(
        ViewName name, long oid, boolean populated, boolean concurrentCapable, boolean refreshable, String owner) {}
