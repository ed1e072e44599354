// SPDX-License-Identifier: Apache-2.0
/** What the claims workload promises, tried on real PostgreSQL: the nine views, the generator, the reports. */
@NullMarked
package io.viewkeeper.sandbox.claims;

import org.jspecify.annotations.NullMarked;
