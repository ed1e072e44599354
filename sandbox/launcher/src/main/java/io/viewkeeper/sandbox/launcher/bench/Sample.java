// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import io.viewkeeper.sandbox.launcher.process.LauncherException;
import java.util.List;

/** Numbers that were measured, and what is usual among them. */
record Sample(List<Double> values) {
    Sample {
        values = values.stream().sorted().toList();
        if (values.isEmpty()) {
            throw new LauncherException("Nothing was measured");
        }
    }

    double median() {
        return percentile(50);
    }

    /** The smallest number that this share of all is not greater than. */
    double percentile(int percent) {
        return values.get(Math.max(0, (int) Math.ceil(values.size() * percent / 100.0) - 1));
    }
}
