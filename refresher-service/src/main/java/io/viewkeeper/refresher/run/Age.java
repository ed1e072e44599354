// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.run;

import io.viewkeeper.schema.event.ViewName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How old the data of a refresh is.
 *
 * @param readAt no later than its snapshot
 * @param dataAsOf the least of that and of the inputs' own; null where that of an input is unknown
 * @param oldest the input that makes it older than {@code readAt}; null when there is none
 * @param staleInputs inputs, through all levels, that are not as they should be, by name
 * @param circle how it comes to read itself; null: it does not
 */
record Age(
        Instant readAt,
        @Nullable Instant dataAsOf,
        @Nullable ViewName oldest,
        List<ViewName> staleInputs,
        @Nullable String circle) {
    Age {
        staleInputs = List.copyOf(staleInputs);
    }

    /** Why the freshness target is missed however often the view is refreshed; empty when it is not. */
    Optional<String> risk(Duration target, Instant now) {
        if (circle != null) {
            return Optional.of("it reads " + circle + ": no refresh makes its data younger");
        }
        if (oldest == null) {
            return Optional.empty();
        }
        if (dataAsOf == null) {
            return Optional.of("it reads " + oldest + ", and nobody knows how old that is");
        }
        return dataAsOf.plus(target).isBefore(now)
                ? Optional.of("it reads " + oldest + ", whose data is older than the freshness target allows")
                : Optional.empty();
    }
}
