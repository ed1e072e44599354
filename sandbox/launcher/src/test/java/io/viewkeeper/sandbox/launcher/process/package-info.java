// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.sandbox.launcher.process;

import org.jspecify.annotations.NullMarked;
