// SPDX-License-Identifier: Apache-2.0
/** Every materialized view beside what the settings want of it. Does not belong here: when one is refreshed. */
@NullMarked
package io.viewkeeper.refresher.register;

import org.jspecify.annotations.NullMarked;
