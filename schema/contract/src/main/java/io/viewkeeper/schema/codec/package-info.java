// SPDX-License-Identifier: Apache-2.0
/**
 * Events to JSON and back, without reflection, so that a native executable needs no registration. Belongs here: the
 * spelling of payloads. Does not: Kafka, tables.
 */
@NullMarked
package io.viewkeeper.schema.codec;

import org.jspecify.annotations.NullMarked;
