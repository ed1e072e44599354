// SPDX-License-Identifier: Apache-2.0
/** {@code ./viewkeeper demo}: everything together on one machine, and a table of the views. Does not belong here: measuring. */
@NullMarked
package io.viewkeeper.sandbox.launcher.demo;

import org.jspecify.annotations.NullMarked;
