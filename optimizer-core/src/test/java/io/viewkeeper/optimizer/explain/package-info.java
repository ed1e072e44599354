// SPDX-License-Identifier: Apache-2.0
/** Statements of every kind, harmless and hostile, explained by real servers. */
@NullMarked
package io.viewkeeper.optimizer.explain;

import org.jspecify.annotations.NullMarked;
