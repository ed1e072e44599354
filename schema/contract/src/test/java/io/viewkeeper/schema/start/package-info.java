// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.schema.start;

import org.jspecify.annotations.NullMarked;
