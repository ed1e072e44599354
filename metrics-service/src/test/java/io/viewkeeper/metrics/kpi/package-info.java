// SPDX-License-Identifier: Apache-2.0
/** Tests of the KPIs that need no server. */
@NullMarked
package io.viewkeeper.metrics.kpi;

import org.jspecify.annotations.NullMarked;
