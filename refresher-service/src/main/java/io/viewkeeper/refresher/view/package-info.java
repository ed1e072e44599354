// SPDX-License-Identifier: Apache-2.0
/** Which materialized views exist and what they can do. Belongs here: the catalog's answers. Does not: refreshing. */
@NullMarked
package io.viewkeeper.refresher.view;

import org.jspecify.annotations.NullMarked;
