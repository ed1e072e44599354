// SPDX-License-Identifier: Apache-2.0
/** {@code ./viewkeeper chaos}: refreshers killed under load, and a check that nothing got lost. Does not belong here: how long anything takes. */
@NullMarked
package io.viewkeeper.sandbox.launcher.chaos;

import org.jspecify.annotations.NullMarked;
