// SPDX-License-Identifier: Apache-2.0
/**
 * How a service of ours reads the refresh topic: its records, the dead letters, the way to Kafka. Its settings are in
 * {@code META-INF/microprofile-config.properties}. Does not belong here: what follows from an event.
 */
@NullMarked
package io.viewkeeper.schema.consumer;

import org.jspecify.annotations.NullMarked;
