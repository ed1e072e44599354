// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.List;

/** How rows are found, ordered, kept and counted: scans, limits, sorts, hashes, estimates, blocks. */
final class ScanAndSortRules {
    static final List<Rule> ALL = List.of(
            new SeqScanFiltersMost(),
            new InefficientIndex(),
            new WrongIndexForOrder(),
            new LateLimit(),
            new LargeOffset(),
            new Misestimate(),
            new StaleStatistics(),
            new SortSpill(),
            new AvoidableSort(),
            new TopNOverMany(),
            new IncrementalSortSpill(),
            new HashBatches(),
            new HashAggregateSpill(),
            new LossyBitmap(),
            new TempBlocks(),
            new HeapFetches(),
            new WideRows(),
            new SelectDirties(),
            new BlocksPerRow(),
            new ColdReads(),
            new IoBound());

    private ScanAndSortRules() {}
}
