// SPDX-License-Identifier: Apache-2.0
/** {@code ./viewkeeper bench}: what refreshes, plans, scrapes and reports cost. Does not belong here: whether the answers are right. */
@NullMarked
package io.viewkeeper.sandbox.launcher.bench;

import org.jspecify.annotations.NullMarked;
