// SPDX-License-Identifier: Apache-2.0
/** A service's way to PostgreSQL, made from its settings, and whether it may be taken. Does not belong here: further pools. */
@NullMarked
package io.viewkeeper.schema.service.gateway;

import org.jspecify.annotations.NullMarked;
