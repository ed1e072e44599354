// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

/** Just-in-time compilation: milliseconds. */
public record Jit(
        long functions,
        double generationMillis,
        double inliningMillis,
        double optimizationMillis,
        double emissionMillis,
        double totalMillis) {}
