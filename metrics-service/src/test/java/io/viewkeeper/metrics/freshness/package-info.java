// SPDX-License-Identifier: Apache-2.0
/** Tests of the per-view state. */
@NullMarked
package io.viewkeeper.metrics.freshness;

import org.jspecify.annotations.NullMarked;
