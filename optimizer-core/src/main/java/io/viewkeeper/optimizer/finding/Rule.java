// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.finding;

import java.util.List;

/** One rule, one class: a pure function of a plan and what is known around it. */
public interface Rule {
    /** Stable, in lower case with hyphens; the name of the rule's page under docs/findings. */
    String id();

    /** What it finds, however small: {@link Findings} leaves out what is not worth reporting. */
    List<Finding> check(Context context);
}
