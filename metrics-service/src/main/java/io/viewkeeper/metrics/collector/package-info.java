// SPDX-License-Identifier: Apache-2.0
/** How background collectors are run, and what is shown of them. Belongs here: the running. Does not: what is collected. */
@NullMarked
package io.viewkeeper.metrics.collector;

import org.jspecify.annotations.NullMarked;
