// SPDX-License-Identifier: Apache-2.0
/**
 * What comes before a service works: its name, its log, its ports, what ends a start. Its observers have priorities below zero, for
 * Quarkus' scheduler begins at zero. Does not belong here: what a setting means.
 */
@NullMarked
package io.viewkeeper.schema.start;

import org.jspecify.annotations.NullMarked;
