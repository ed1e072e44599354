// SPDX-License-Identifier: Apache-2.0
/** The HTTP edge. Does not belong here: decisions. */
@NullMarked
package io.viewkeeper.refresher.api;

import org.jspecify.annotations.NullMarked;
