// SPDX-License-Identifier: Apache-2.0
/** One refresh from its lock to its record, whatever becomes of it. Does not belong here: which view is next. */
@NullMarked
package io.viewkeeper.refresher.run;

import org.jspecify.annotations.NullMarked;
