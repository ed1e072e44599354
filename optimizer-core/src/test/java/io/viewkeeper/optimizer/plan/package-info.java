// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.optimizer.plan;

import org.jspecify.annotations.NullMarked;
