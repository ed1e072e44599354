// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.survey;

import java.util.List;

/**
 * The statements of a database.
 *
 * @param complete false where more had a slow call than were asked for: those with the least total time are missing
 */
public record CountedStatements(List<CountedStatement> all, boolean complete) {
    public CountedStatements {
        all = List.copyOf(all);
    }
}
