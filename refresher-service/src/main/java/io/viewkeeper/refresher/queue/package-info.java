// SPDX-License-Identifier: Apache-2.0
/** What is due, for whom it waits, and which replica takes it. Does not belong here: refreshing. */
@NullMarked
package io.viewkeeper.refresher.queue;

import org.jspecify.annotations.NullMarked;
