// SPDX-License-Identifier: Apache-2.0
/** Tests of windows, differences and estimates, without a server. */
@NullMarked
package io.viewkeeper.metrics.database;

import org.jspecify.annotations.NullMarked;
