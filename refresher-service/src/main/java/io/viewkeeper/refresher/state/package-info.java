// SPDX-License-Identifier: Apache-2.0
/** What is kept of each view between refreshes, and how others are told of it. Does not belong here: deciding what changes. */
@NullMarked
package io.viewkeeper.refresher.state;

import org.jspecify.annotations.NullMarked;
