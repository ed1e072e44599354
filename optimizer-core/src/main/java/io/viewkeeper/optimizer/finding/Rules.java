// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.List;
import java.util.stream.Stream;

/** Every rule there is, in the order of docs/findings. */
public final class Rules {
    public static final List<Rule> ALL = Stream.of(ScanAndSortRules.ALL, JoinAndMachineRules.ALL)
            .flatMap(List::stream)
            .toList();

    private Rules() {}
}
