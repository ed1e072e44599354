// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.optimizer.finding;

import org.jspecify.annotations.NullMarked;
