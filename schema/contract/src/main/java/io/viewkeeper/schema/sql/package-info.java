// SPDX-License-Identifier: Apache-2.0
/**
 * SQL as tokens: where a name, a literal or a comment begins and ends, and which relations a statement names. Pure; it does not
 * know what a name means.
 */
@NullMarked
package io.viewkeeper.schema.sql;

import org.jspecify.annotations.NullMarked;
