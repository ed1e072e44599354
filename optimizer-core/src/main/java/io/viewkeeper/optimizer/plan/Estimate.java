// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

/**
 * What the planner expected of one loop. Costs in its own unit (a page read in sequence is {@code seq_page_cost}), width in
 * bytes.
 */
public record Estimate(double startupCost, double totalCost, double rows, int widthBytes) {}
