// SPDX-License-Identifier: Apache-2.0
/** Views as other people write them, and what becomes of each; and those who read them meanwhile. */
@NullMarked
package io.viewkeeper.refresher.shapes;

import org.jspecify.annotations.NullMarked;
