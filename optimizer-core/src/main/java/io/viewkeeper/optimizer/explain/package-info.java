// SPDX-License-Identifier: Apache-2.0
/**
 * Asks the server how it would execute a statement, and where that is safe, how it did: whatever the statement is, nothing
 * changes. Values of statements do not leave this package. What is wrong with a plan is {@code finding}'s to say.
 */
@NullMarked
package io.viewkeeper.optimizer.explain;

import org.jspecify.annotations.NullMarked;
