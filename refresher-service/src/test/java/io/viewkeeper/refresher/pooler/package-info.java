// SPDX-License-Identifier: Apache-2.0
/** The refresher behind a proxy that lends a backend for one transaction at a time. */
@NullMarked
package io.viewkeeper.refresher.pooler;

import org.jspecify.annotations.NullMarked;
