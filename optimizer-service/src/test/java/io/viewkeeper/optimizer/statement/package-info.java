// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.optimizer.statement;

import org.jspecify.annotations.NullMarked;
