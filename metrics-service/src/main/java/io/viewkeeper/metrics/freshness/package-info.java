// SPDX-License-Identifier: Apache-2.0
/**
 * How fresh each view is: events from Kafka and the state in the database become gauges. Belongs here: what one knows of
 * a view from its refreshes. Does not: database statistics, KPIs.
 */
@NullMarked
package io.viewkeeper.metrics.freshness;

import org.jspecify.annotations.NullMarked;
