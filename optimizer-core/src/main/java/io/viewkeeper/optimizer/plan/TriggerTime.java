// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.plan;

import org.jspecify.annotations.Nullable;

/**
 * What one trigger took in all its calls.
 *
 * @param constraint of a constraint trigger (foreign keys)
 * @param millis null with TIMING OFF
 */
public record TriggerTime(
        String name,
        @Nullable String constraint,
        @Nullable String relation,
        @Nullable Double millis,
        double calls) {}
