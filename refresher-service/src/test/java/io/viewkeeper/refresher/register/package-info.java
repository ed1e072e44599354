// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.refresher.register;

import org.jspecify.annotations.NullMarked;
