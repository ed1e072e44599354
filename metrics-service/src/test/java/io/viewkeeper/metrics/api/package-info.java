// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.metrics.api;

import org.jspecify.annotations.NullMarked;
