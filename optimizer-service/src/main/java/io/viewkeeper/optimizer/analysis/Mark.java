// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.viewkeeper.schema.event.ViewName;
import java.time.Instant;

/**
 * A view that was refreshed since it was last looked at.
 *
 * @param events how many refreshes
 */
record Mark(ViewName view, Instant firstMarkedAt, Instant lastMarkedAt, long events) {}
