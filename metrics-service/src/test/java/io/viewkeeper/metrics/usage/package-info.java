// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.metrics.usage;

import org.jspecify.annotations.NullMarked;
