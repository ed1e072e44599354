// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The view shows what it showed before.
 *
 * @param consecutiveFailures this one included
 * @param nextAttemptAt null when none is planned
 * @param suspended no attempt is made until somebody resumes the view
 * @param lastSuccessDataAsOf how old the data is that the view shows; null when it was never refreshed by us, or is unknown
 */
public record RefreshFailed(
        RefreshRun run,
        RefreshError error,
        int consecutiveFailures,
        @Nullable Instant nextAttemptAt,
        boolean suspended,
        @Nullable Instant lastSuccessDataAsOf)
        implements RefreshEvent {

    public static final String TYPE = "io.viewkeeper.refresh-failed.v1";
    public static final String DATA_SCHEMA = "https://viewkeeper.io/schema/refresh-failed.v1.schema.json";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String dataSchema() {
        return DATA_SCHEMA;
    }
}
