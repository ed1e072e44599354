// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.schema.event.ViewName;

/** A row of {@code analytics.view_refresh_log}. */
record LoggedRun(ViewName view, FinishedRun run) {}
