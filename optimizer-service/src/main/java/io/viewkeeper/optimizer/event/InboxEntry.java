// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.event;

import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One refresh that this service was told of.
 *
 * @param type the {@code ce_type}
 * @param dataAsOf null when the refresh failed
 * @param changed null when it failed
 * @param errorCategory null when it succeeded
 */
public record InboxEntry(
        UUID eventId,
        String type,
        ViewName view,
        String group,
        long sequence,
        UUID runId,
        String method,
        Instant finishedAt,
        @Nullable Instant dataAsOf,
        @Nullable Boolean changed,
        @Nullable String errorCategory,
        Instant receivedAt) {}
