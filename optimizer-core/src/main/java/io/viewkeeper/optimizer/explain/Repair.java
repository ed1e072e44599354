// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.optimizer.explain;

import java.util.Locale;

/** What a statement needed before the server would plan it: most texts are normalised, and no statements any more. */
public enum Repair {
    /** {@code date $1} became {@code $1::date}, and the like. */
    LITERAL_CASTS,
    /** Parameters were given types that the server could not find out. */
    PARAMETER_TYPES,
    /** Expressions of GROUP BY and ORDER BY were made equal to those selected. */
    GROUPED_CONSTANTS,
    /** A list that the server had cut to its first constant got several again. */
    LIST_LENGTHS,
    /** The search_path was extended by the only schema that has a name. */
    SEARCH_PATH,
    /** What writes or locks, and may not be planned by us, was planned as what it reads. */
    READ_SIDE,
    /** There were no values for its parameters, or none that fit. */
    GENERIC_PLAN;

    /** In lower case with hyphens. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
