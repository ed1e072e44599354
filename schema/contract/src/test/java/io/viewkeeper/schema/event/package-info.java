// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.schema.event;

import org.jspecify.annotations.NullMarked;
