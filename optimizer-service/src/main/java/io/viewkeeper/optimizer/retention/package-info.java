// SPDX-License-Identifier: Apache-2.0
/** For how long the optimizer's tables keep their rows. Does not belong here: what is in them. */
@NullMarked
package io.viewkeeper.optimizer.retention;

import org.jspecify.annotations.NullMarked;
