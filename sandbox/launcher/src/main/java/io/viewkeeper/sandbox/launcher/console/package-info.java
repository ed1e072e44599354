// SPDX-License-Identifier: Apache-2.0
/** What a person types and reads: the command line and the screen. Does not belong here: doing what is asked. */
@NullMarked
package io.viewkeeper.sandbox.launcher.console;

import org.jspecify.annotations.NullMarked;
