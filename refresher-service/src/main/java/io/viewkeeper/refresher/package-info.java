// SPDX-License-Identifier: Apache-2.0
/** The refresher: decides when a view is due, refreshes it, says so. Here: how the parts are put together, and health. */
@NullMarked
package io.viewkeeper.refresher;

import org.jspecify.annotations.NullMarked;
