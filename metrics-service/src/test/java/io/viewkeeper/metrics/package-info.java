// SPDX-License-Identifier: Apache-2.0
/** Tests of the service as a whole, against real servers. */
@NullMarked
package io.viewkeeper.metrics;

import org.jspecify.annotations.NullMarked;
