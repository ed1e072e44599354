// SPDX-License-Identifier: Apache-2.0
/** The HTTP edge: what the features know, as JSON and for terminals. Does not belong here: how anything is known. */
@NullMarked
package io.viewkeeper.metrics.api;

import org.jspecify.annotations.NullMarked;
