// SPDX-License-Identifier: Apache-2.0
/**
 * What EXPLAIN said, as immutable records, and how to make it say it safely. No advice: what is wrong with a plan is
 * {@code finding}'s to say.
 */
@NullMarked
package io.viewkeeper.optimizer.plan;

import org.jspecify.annotations.NullMarked;
