// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.schema.codec;

import org.jspecify.annotations.NullMarked;
