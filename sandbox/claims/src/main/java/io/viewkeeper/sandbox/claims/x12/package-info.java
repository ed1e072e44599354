// SPDX-License-Identifier: Apache-2.0
/**
 * Real X12 837P claim files (005010X222, its errata A1 and A2) read and loaded into the claims workload.
 *
 * <p>Here belongs what knows the format: text into segments, segments into loops, loops into claims, and claims into
 * {@code staging}. What happens to a claim after it arrived (adjudication, views) does not belong here. Claims are health
 * data: no message, log line or {@code toString} of this package carries a name or a member id.
 */
@NullMarked
package io.viewkeeper.sandbox.claims.x12;

import org.jspecify.annotations.NullMarked;
