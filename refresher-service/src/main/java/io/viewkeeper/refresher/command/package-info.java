// SPDX-License-Identifier: Apache-2.0
/** What people ask for: a refresh, a suspension, a cancellation. Does not belong here: HTTP. */
@NullMarked
package io.viewkeeper.refresher.command;

import org.jspecify.annotations.NullMarked;
