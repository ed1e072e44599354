// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.database;

/** What is done in a transaction. */
@FunctionalInterface
public interface Work<T> {
    T in(Session session);
}
