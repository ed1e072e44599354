// SPDX-License-Identifier: Apache-2.0
/**
 * optimizer-service: looks again at the slow queries that touch what was refreshed. Belongs here: what the features share
 * (the gateway to PostgreSQL, readiness). Does not: anything about one feature. Features never use this package.
 */
@NullMarked
package io.viewkeeper.optimizer;

import org.jspecify.annotations.NullMarked;
