// SPDX-License-Identifier: Apache-2.0
/** Servers, databases, sample data and event consumers for experiments. Does not belong here: an experiment. */
@NullMarked
package io.viewkeeper.sandbox.launcher.workbench;

import org.jspecify.annotations.NullMarked;
