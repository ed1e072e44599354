// SPDX-License-Identifier: Apache-2.0
/** What every service says and reads at its HTTP edge, in one way. No service's own resources. */
@NullMarked
package io.viewkeeper.schema.service.http;

import org.jspecify.annotations.NullMarked;
