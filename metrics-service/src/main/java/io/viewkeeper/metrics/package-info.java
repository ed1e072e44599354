// SPDX-License-Identifier: Apache-2.0
/**
 * metrics-service: events and state become gauges. Belongs here: what the features share (the gateway to PostgreSQL, the
 * clock, readiness). Does not: anything about one feature. Features never use this package.
 */
@NullMarked
package io.viewkeeper.metrics;

import org.jspecify.annotations.NullMarked;
