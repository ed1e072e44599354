// SPDX-License-Identifier: Apache-2.0
/** Programs run as child processes, the packaged services among them, and the HTTP clients that ask them. Does not belong here: what a command makes of the answers. */
@NullMarked
package io.viewkeeper.sandbox.launcher.process;

import org.jspecify.annotations.NullMarked;
