// SPDX-License-Identifier: Apache-2.0
/** Tests of the library as a whole. */
@NullMarked
package io.viewkeeper.optimizer;

import org.jspecify.annotations.NullMarked;
