// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

/** Rows that were read and thrown away, the average of one loop; 0 where nothing is told. */
public record Removals(double byFilter, double byIndexRecheck, double byJoinFilter) {}
