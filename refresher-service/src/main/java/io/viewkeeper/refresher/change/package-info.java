// SPDX-License-Identifier: Apache-2.0
/** What others have done to a view, its inputs or what its query names. Does not belong here: doing anything to them. */
@NullMarked
package io.viewkeeper.refresher.change;

import org.jspecify.annotations.NullMarked;
