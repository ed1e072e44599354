// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.refresher.schedule;

import org.jspecify.annotations.NullMarked;
