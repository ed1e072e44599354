// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

/** One sort. {@code spaceType} Memory or Disk */
public record SortRun(String method, long spaceUsedKb, String spaceType) {}
