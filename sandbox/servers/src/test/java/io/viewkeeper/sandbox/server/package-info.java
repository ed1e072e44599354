// SPDX-License-Identifier: Apache-2.0
/** The servers of the sandbox, started for real: each promise of their javadoc is a test here. */
@NullMarked
package io.viewkeeper.sandbox.server;

import org.jspecify.annotations.NullMarked;
