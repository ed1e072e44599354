// SPDX-License-Identifier: Apache-2.0
/** What remains of PostgreSQL's and the refresher's word when one of them is stopped, killed or cut off. */
@NullMarked
package io.viewkeeper.refresher.fault;

import org.jspecify.annotations.NullMarked;
