// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.viewkeeper.schema.service.access;

import org.jspecify.annotations.NullMarked;
