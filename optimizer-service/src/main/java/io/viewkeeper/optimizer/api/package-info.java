// SPDX-License-Identifier: Apache-2.0
/** HTTP edge. Belongs here: parameters, answers, status codes. Does not: decisions, SQL. */
@NullMarked
package io.viewkeeper.optimizer.api;

import org.jspecify.annotations.NullMarked;
