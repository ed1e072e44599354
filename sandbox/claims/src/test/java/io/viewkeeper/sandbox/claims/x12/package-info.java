// SPDX-License-Identifier: Apache-2.0
/** Tests of reading and loading X12 837P files; the files are synthetic, in {@code src/test/resources/x12}. */
@NullMarked
package io.viewkeeper.sandbox.claims.x12;

import org.jspecify.annotations.NullMarked;
