// SPDX-License-Identifier: Apache-2.0
/** Publishes committed events in order. Does not belong here: deciding what happened. */
@NullMarked
package io.viewkeeper.refresher.outbox;

import org.jspecify.annotations.NullMarked;
