// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.optimizer.examine;

import org.jspecify.annotations.NullMarked;
