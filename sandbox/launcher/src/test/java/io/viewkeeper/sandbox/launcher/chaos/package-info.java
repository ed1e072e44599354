// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.sandbox.launcher.chaos;

import org.jspecify.annotations.NullMarked;
