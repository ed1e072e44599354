// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.optimizer.analysis;

import org.jspecify.annotations.NullMarked;
