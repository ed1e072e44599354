// SPDX-License-Identifier: Apache-2.0
/** The script {@code ./viewkeeper} and its companion {@code sandbox/pauses}. */
@NullMarked
package io.viewkeeper.sandbox.launcher;

import org.jspecify.annotations.NullMarked;
