// SPDX-License-Identifier: Apache-2.0
package io.viewkeeper.refresher.outbox;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where events may be sent now.
 *
 * @param renewed of these, which have been found to be others than before, or were missing: what they held is gone
 * @param obstacle what is in the way of the other topics; null when nothing is
 */
public record OpenTopics(
        Set<EventTopic> topics,
        Set<EventTopic> renewed,
        @Nullable String obstacle) {
    public OpenTopics {
        topics = Set.copyOf(topics);
        renewed = Set.copyOf(renewed);
    }

    /** None. */
    public static OpenTopics none(String obstacle) {
        return new OpenTopics(Set.of(), Set.of(), obstacle);
    }

    /** All. */
    public static OpenTopics all() {
        return new OpenTopics(Set.of(EventTopic.values()), Set.of(), null);
    }
}
