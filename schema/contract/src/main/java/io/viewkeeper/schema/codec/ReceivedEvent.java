// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.schema.codec;

import io.viewkeeper.schema.event.RefreshEvent;
import java.util.UUID;

/**
 * An event as it came out of a record.
 *
 * @param id the {@code ce_id}: the same when the same event is delivered again
 */
public record ReceivedEvent(UUID id, RefreshEvent event) {}
