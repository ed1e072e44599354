// SPDX-License-Identifier: Apache-2.0
/**
 * Key performance indicators: what is measured against which target, the verdict and since when it holds. Belongs here: the
 * definitions, of which rules and dashboards read the series. Does not: how a value is measured, and any query.
 */
@NullMarked
package io.viewkeeper.metrics.kpi;

import org.jspecify.annotations.NullMarked;
