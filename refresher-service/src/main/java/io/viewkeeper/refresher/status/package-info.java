// SPDX-License-Identifier: Apache-2.0
/** What is known of views, groups and runs, as it is shown. Does not belong here: changing any of it. */
@NullMarked
package io.viewkeeper.refresher.status;

import org.jspecify.annotations.NullMarked;
