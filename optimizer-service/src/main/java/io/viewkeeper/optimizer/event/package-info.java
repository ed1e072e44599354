// SPDX-License-Identifier: Apache-2.0
/**
 * The inbox: record that a view was refreshed, and return. Belongs here: reading records, and their table. Does not:
 * what follows from a refresh; a loop does that at its own pace.
 */
@NullMarked
package io.viewkeeper.optimizer.event;

import org.jspecify.annotations.NullMarked;
