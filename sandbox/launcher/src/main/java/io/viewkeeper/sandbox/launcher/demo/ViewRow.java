// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.demo;

import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One view as the database tells of it; what has not happened yet is null.
 *
 * @param rowsChanged by the last refresh
 * @param remark with an exclamation mark why it is not refreshed, or how the last refresh failed; else what it waits for
 */
record ViewRow(
        ViewName view,
        @Nullable String group,
        @Nullable Instant dataAsOf,
        @Nullable String lastMethod,
        @Nullable Duration lastDuration,
        @Nullable Long rowsChanged,
        @Nullable Instant nextDueAt,
        @Nullable String remark) {}
