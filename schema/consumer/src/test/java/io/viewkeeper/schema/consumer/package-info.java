// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.schema.consumer;

import org.jspecify.annotations.NullMarked;
