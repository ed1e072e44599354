// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.analysis;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** When and how much is analysed; see application.properties for what each setting does. */
@ConfigMapping(prefix = "viewkeeper.optimizer.analysis")
public interface AnalysisSettings {
    boolean enabled();

    /** How often to see whether a look is due. Read by the scheduler. */
    Duration tick();

    /** A look begins when no view was refreshed for so long … */
    Duration settle();

    /** … or so long after the first, whatever comes. */
    Duration latest();

    /** Time between two looks. */
    Duration pause();

    /** A look without any refresh, for statements that are new or were not looked at for long. */
    Duration idleEvery();

    /** What analyses may take of the database in a minute. */
    Duration budget();

    /** Whether statements may be executed (EXPLAIN ANALYZE). */
    boolean execute();

    Duration planTimeout();

    Duration executionTimeout();

    /** What all statements of one explanation together may take of the database. */
    Duration total();

    /** Extensions, beside those that are known, whose compiled functions execute no text that they are given. */
    Optional<Set<String>> harmlessExtensions();

    /** Whether a refreshed view is vacuumed where it pays. */
    boolean vacuum();

    /** How a statement that concerns no refreshed view is looked at again. */
    Duration again();
}
