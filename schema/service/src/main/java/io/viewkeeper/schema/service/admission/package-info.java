// SPDX-License-Identifier: Apache-2.0
/** How much is done at once for those who ask, and who is refused. Belongs here: nothing that knows what they ask for. */
@NullMarked
package io.viewkeeper.schema.service.admission;

import org.jspecify.annotations.NullMarked;
