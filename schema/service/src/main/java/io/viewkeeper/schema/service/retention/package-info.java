// SPDX-License-Identifier: Apache-2.0
/** When old rows are deleted. Does not belong here: which, and how. */
@NullMarked
package io.viewkeeper.schema.service.retention;

import org.jspecify.annotations.NullMarked;
