// SPDX-License-Identifier: Apache-2.0
/**
 * Which statements read a view, how often and how fast. Belongs here: what a text reads, by its tokens and the catalog. Does
 * not: how statements are counted.
 */
@NullMarked
package io.viewkeeper.metrics.usage;

import org.jspecify.annotations.NullMarked;
