// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.metrics.exposition;

import org.jspecify.annotations.NullMarked;
