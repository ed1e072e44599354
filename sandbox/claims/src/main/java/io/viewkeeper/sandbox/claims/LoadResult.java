// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.claims;

import java.time.Duration;

/**
 * What was loaded, how long it took with indexes and statistics, and a checksum over all rows. The checksum leaves times
 * out and does not depend on the order of rows: the same seed and options give the same one on every machine and day.
 */
public record LoadResult(long claims, long lines, String checksum, Duration duration) {}
