// SPDX-License-Identifier: Apache-2.0
/**
 * What a scrape shows beside the meters of Micrometer: a series exists for as long as its value does. Belongs here: merging,
 * limits. Does not: what is measured.
 */
@NullMarked
package io.viewkeeper.metrics.exposition;

import org.jspecify.annotations.NullMarked;
