// SPDX-License-Identifier: Apache-2.0
/** Finds what is due and has it refreshed, again and again. Does not belong here: how one refresh is done. */
@NullMarked
package io.viewkeeper.refresher.loop;

import org.jspecify.annotations.NullMarked;
