// SPDX-License-Identifier: Apache-2.0
/** Loops of named steps, and how one tells that one hangs. Belongs here: the pulse. Does not: what a step does. */
@NullMarked
package io.viewkeeper.schema.loop;

import org.jspecify.annotations.NullMarked;
