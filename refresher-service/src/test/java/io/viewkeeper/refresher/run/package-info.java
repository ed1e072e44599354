// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.refresher.run;

import org.jspecify.annotations.NullMarked;
