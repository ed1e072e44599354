// SPDX-License-Identifier: Apache-2.0
/** Texts of statements: how one looks without any value, and what tells one from another. Pure. */
@NullMarked
package io.viewkeeper.optimizer.sql;

import org.jspecify.annotations.NullMarked;
