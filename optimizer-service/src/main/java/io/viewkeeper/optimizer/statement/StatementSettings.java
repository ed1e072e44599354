// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.statement;

import io.smallrye.config.ConfigMapping;
import java.time.Duration;

/** Which statements are looked at; see application.properties for what each setting does. */
@ConfigMapping(prefix = "viewkeeper.optimizer.slow")
public interface StatementSettings {
    /** Mean execution time above which a statement is slow. */
    Duration meanTime();

    /** It is slow only with more calls than this. */
    long calls();

    /** Of one processor's time: what takes more of it in a day is looked at, however quick each call is. */
    double share();

    /** At most so many, those with the most total time. */
    int top();
}
