// SPDX-License-Identifier: Apache-2.0
/**
 * The loop that joins everything: refreshed views and slow statements in, analyses and findings out, within a budget; and the
 * tables in which they are kept. No rules, no HTTP.
 */
@NullMarked
package io.viewkeeper.optimizer.analysis;

import org.jspecify.annotations.NullMarked;
