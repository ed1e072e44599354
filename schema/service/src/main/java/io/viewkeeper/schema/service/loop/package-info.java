// SPDX-License-Identifier: Apache-2.0
/** All loops of a service, watched. Does not belong here: what they do. */
@NullMarked
package io.viewkeeper.schema.service.loop;

import org.jspecify.annotations.NullMarked;
