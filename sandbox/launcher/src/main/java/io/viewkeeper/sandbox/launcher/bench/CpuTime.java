// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.sandbox.launcher.bench;

import java.time.Duration;

/** What a process has used of the processors since it was first looked at. */
final class CpuTime {
    private final long pid;
    private final Duration first;
    private Duration last;

    CpuTime(long pid) {
        this.pid = pid;
        first = now(pid);
        last = first;
    }

    void look() {
        var now = now(pid);
        if (now.compareTo(last) > 0) {
            last = now;
        }
    }

    double seconds() {
        return last.minus(first).toNanos() / 1e9;
    }

    private static Duration now(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }
}
