// SPDX-License-Identifier: Apache-2.0
/** Groups, settings per view, and when a view is due. Does not belong here: doing it. */
@NullMarked
package io.viewkeeper.refresher.schedule;

import org.jspecify.annotations.NullMarked;
