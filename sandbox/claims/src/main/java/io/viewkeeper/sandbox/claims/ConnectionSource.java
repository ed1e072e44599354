// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens a connection of the database's owner; the caller closes it. */
@FunctionalInterface
public interface ConnectionSource {
    Connection open() throws SQLException;
}
