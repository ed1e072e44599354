// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.metrics.freshness;

import io.viewkeeper.schema.event.ViewName;

/** An event told that this view was refreshed; fired as a CDI event by the consumer's thread: note it and return. */
public record ViewRefreshed(ViewName view) {}
