// SPDX-License-Identifier: Apache-2.0
/** For how long the refresher's tables keep their rows. Does not belong here: what is in them. */
@NullMarked
package io.viewkeeper.refresher.retention;

import org.jspecify.annotations.NullMarked;
