// SPDX-License-Identifier: Apache-2.0
/** Runs the consumers in {@code docs/consumers}. Does not belong here: other readers of events. */
@NullMarked
package io.viewkeeper.sandbox.launcher.consumer;

import org.jspecify.annotations.NullMarked;
