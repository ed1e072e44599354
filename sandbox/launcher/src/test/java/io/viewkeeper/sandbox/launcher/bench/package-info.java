// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.sandbox.launcher.bench;

import org.jspecify.annotations.NullMarked;
