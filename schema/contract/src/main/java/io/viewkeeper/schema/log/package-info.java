// SPDX-License-Identifier: Apache-2.0
/**
 * When a line is worth being written, and what may stand in it. Belongs here: nothing that knows what the line says.
 */
@NullMarked
package io.viewkeeper.schema.log;

import org.jspecify.annotations.NullMarked;
